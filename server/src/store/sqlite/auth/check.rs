//! The invariants of `auth.db`.

use crate::store::StoreError;
use pod_shared::limits::DEVICES_PER_ACCOUNT_MAX;
use rusqlite::Connection;

/// Each question lists the ids of what breaks a rule.
const RULES: &[(&str, &str)] = &[
    (
        "device without an account",
        "SELECT hex(id) FROM devices WHERE account NOT IN (SELECT id FROM accounts)",
    ),
    (
        "device signed in for a disabled account",
        "SELECT hex(d.id) FROM devices d JOIN accounts a ON a.id = d.account
         WHERE a.is_disabled AND d.signed_out_ms IS NULL",
    ),
    (
        "device signed out without a revocation",
        "SELECT hex(id) FROM devices d WHERE signed_out_ms IS NOT NULL
         AND NOT EXISTS (SELECT 1 FROM revocations r WHERE r.device = d.id AND r.at_s >= d.issued_s)",
    ),
    (
        "account whose password is not hashed",
        "SELECT hex(id) FROM accounts WHERE password NOT LIKE '$argon2id$%'",
    ),
    ("invite with a negative number of uses", "SELECT hex(code) FROM invites WHERE uses_left < 0"),
    ("device token that is not a hash", "SELECT hex(id) FROM devices WHERE length(token) <> 32"),
];

/// One line for each invariant that does not hold.
///
/// # Errors
/// When the database cannot be read.
pub fn check(connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut violations = Vec::new();
    for (what, ask) in RULES {
        for id in connection.prepare(ask)?.query_map([], |row| row.get::<_, String>(0))? {
            violations.push(format!("auth: {what}: {}", id?));
        }
    }
    let admins: bool = connection.query_row(
        "SELECT EXISTS (SELECT 1 FROM accounts) AND NOT EXISTS (SELECT 1 FROM accounts WHERE is_admin)",
        [],
        |row| row.get(0),
    )?;
    if admins {
        violations.push("auth: nobody is an admin".into());
    }
    let ask =
        "SELECT hex(account) FROM devices WHERE signed_out_ms IS NULL GROUP BY account HAVING count(*) > ?1";
    for id in connection
        .prepare(ask)?
        .query_map([i64::try_from(DEVICES_PER_ACCOUNT_MAX).unwrap_or(i64::MAX)], |row| {
            row.get::<_, String>(0)
        })?
    {
        violations.push(format!("auth: account with too many devices: {}", id?));
    }
    Ok(violations)
}
