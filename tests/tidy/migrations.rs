//! Migrations are append-only: each is recorded by its digest, and a recorded one never changes.

use pod_client::schemas;
use pod_server::store::sqlite::{auth, content, messenger};
use sha2::{Digest, Sha256};

const RECORDED: &str = include_str!("migrations.txt");

fn recorded_as<T: AsRef<str>>(database: &str, migrations: &[T]) -> Vec<String> {
    let digest = |text: &str| -> String {
        Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
    };
    let line = |(at, migration): (usize, &T)| format!("{database} {} {}", at + 1, digest(migration.as_ref()));
    migrations.iter().enumerate().map(line).collect()
}

#[test]
fn a_recorded_migration_never_changes() {
    let mut lines = recorded_as("auth", auth::MIGRATIONS);
    lines.extend(recorded_as("messenger", messenger::MIGRATIONS.as_slice()));
    lines.extend(recorded_as("content", content::MIGRATIONS.as_slice()));
    lines.extend(recorded_as("state", schemas::STATE));
    lines.extend(recorded_as("cache", schemas::CACHE));
    let recorded: Vec<&str> = RECORDED.lines().collect();
    assert!(
        lines == recorded,
        "not as recorded in migrations.txt (a new one is added there; a changed one is a mistake):\n{}",
        lines.join("\n")
    );
}
