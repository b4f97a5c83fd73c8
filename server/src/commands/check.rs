//! `check`: every invariant of the stored data, each database by its own rules, then the two halves against each other.

use crate::content::check::{Depth, check_files};
use crate::store::StoreError;
use crate::store::sqlite::pairs::{self, Pairs};
use crate::store::sqlite::{auth, content, messenger, relay};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::time::Duration;

/// The two halves are compared again this often before a difference counts: beside a running server one may be ahead.
const ROUNDS: u32 = 6;
const BETWEEN_ROUNDS: Duration = Duration::from_millis(300);

/// One line for each violation.
///
/// # Errors
/// When a database that is there cannot be read.
pub async fn check(data: &Path, depth: Depth) -> anyhow::Result<Vec<String>> {
    let mut violations = Vec::new();
    let mut found = 0;
    for (file, rules) in rules() {
        let Some(mut connection) = open(&data.join(file))? else { continue };
        found += 1;
        let view = connection.transaction()?;
        for rule in rules {
            violations.extend(rule(&view)?);
        }
    }
    if found == 0 {
        anyhow::bail!("there is no database in {}", data.display());
    }
    violations.extend(compare_halves(data).await?);
    // Outside a transaction: files are listed before the database is asked what belongs to them.
    if let Some(connection) = open(&data.join(content::FILE))? {
        let data = data.to_owned();
        violations.extend(
            tokio::task::spawn_blocking(move || {
                check_files(&data, depth, || content::expected_files(&connection))
            })
            .await??,
        );
    }
    Ok(violations)
}

type Rule = fn(&Connection) -> Result<Vec<String>, StoreError>;

fn rules() -> [(&'static str, Vec<Rule>); 3] {
    [
        (auth::FILE, vec![sound, auth::check]),
        (messenger::FILE, vec![sound, messenger::check, relay::check]),
        (content::FILE, vec![sound, content::check, relay::check]),
    ]
}

/// What SQLite itself finds: damaged pages, broken references.
fn sound(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut violations = Vec::new();
    for line in connection.prepare("PRAGMA quick_check")?.query_map([], |row| row.get::<_, String>(0))? {
        let line = line?;
        if line != "ok" {
            violations.push(format!("damaged: {line}"));
        }
    }
    let broken = |row: &rusqlite::Row<'_>| Ok((row.get::<_, String>(0)?, row.get::<_, String>(2)?));
    for line in connection.prepare("PRAGMA foreign_key_check")?.query_map([], broken)? {
        let (table, parent) = line?;
        violations.push(format!("a row of {table} refers to nothing in {parent}"));
    }
    Ok(violations)
}

/// Differences that persist while the relay logs are empty.
async fn compare_halves(data: &Path) -> anyhow::Result<Vec<String>> {
    let mut standing: Option<Vec<String>> = None;
    for round in 0..ROUNDS {
        if round > 0 {
            tokio::time::sleep(BETWEEN_ROUNDS).await;
        }
        let Some((rooms, groups)) = halves(data)? else { return Ok(Vec::new()) };
        let (Some(rooms), Some(groups)) = (rooms, groups) else { continue };
        let found = pairs::compare(&rooms, &groups);
        if found.is_empty() {
            return Ok(Vec::new());
        }
        standing = Some(match standing {
            Some(before) => before.into_iter().filter(|line| found.contains(line)).collect(),
            None => found,
        });
    }
    Ok(standing.unwrap_or_default())
}

/// Rooms and groups, each nothing while rows wait; nothing at all when one half is elsewhere.
fn halves(data: &Path) -> anyhow::Result<Option<(Option<Pairs>, Option<Pairs>)>> {
    let messenger_half = open(&data.join(messenger::FILE))?;
    let content_half = open(&data.join(content::FILE))?;
    let (Some(mut messenger_half), Some(mut content_half)) = (messenger_half, content_half) else {
        return Ok(None);
    };
    let (rooms_view, groups_view) = (messenger_half.transaction()?, content_half.transaction()?);
    let settled = relay::is_empty(&rooms_view)? && relay::is_empty(&groups_view)?;
    if !settled {
        return Ok(Some((None, None)));
    }
    Ok(Some((Some(messenger::pairs(&rooms_view)?), Some(content::pairs(&groups_view)?))))
}

fn open(path: &Path) -> anyhow::Result<Option<Connection>> {
    if !path.exists() {
        return Ok(None);
    }
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    Ok(Some(connection))
}
