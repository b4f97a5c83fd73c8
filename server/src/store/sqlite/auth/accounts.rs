//! Accounts: made by signing up, found by name, disabled; and the directory of people.

use super::{AuthStore, account_id, devices, has_accounts, invites, revocations};
use crate::error::Refusal;
use crate::store::StoreError;
use crate::store::account::{Account, AccountLine, FirstRight, NewAccount};
use pod_shared::interlock::Revocation;
use pod_shared::socket::Person;
use pod_shared::{AccountId, ErrorCode};
use rusqlite::{Connection, OptionalExtension, Row, params};

const COLUMNS: &str = "id, name, display_name, password, is_admin, is_disabled";

impl AuthStore {
    /// Whether anybody has an account.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn has_accounts(&self) -> Result<bool, StoreError> {
        self.db.read(|c| Ok(has_accounts(c)?)).await
    }

    /// Makes the account, uses up its invite and signs its device in. The first account is an admin's.
    ///
    /// # Errors
    /// `setup_code_needed`, `invite_invalid`, `name_taken` or `id_reused`; nothing is changed then.
    pub async fn sign_up(&self, new: NewAccount) -> Result<Account, Refusal> {
        self.db.write(move |c| sign_up(c, &new)).await
    }

    /// The account with this folded name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn account(&self, name_key: String) -> Result<Option<Account>, StoreError> {
        self.db.read(move |c| Ok(by_name(c, &name_key)?)).await
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn accounts(&self) -> Result<Vec<AccountLine>, StoreError> {
        let ask = format!(
            "SELECT {COLUMNS}, (SELECT count(*) FROM devices d WHERE d.account = a.id AND d.signed_out_ms IS NULL)
             FROM accounts a ORDER BY name_key"
        );
        self.db
            .read(move |c| {
                let line = |row: &Row<'_>| Ok(AccountLine { account: account(row)?, devices: row.get(6)? });
                let lines = c.prepare(&ask)?.query_map([], line)?.collect::<rusqlite::Result<_>>()?;
                Ok(lines)
            })
            .await
    }

    /// Lets the person in again.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn enable(&self, name_key: String) -> Result<(), Refusal> {
        self.db
            .write(move |c| {
                let id = by_name(c, &name_key)?.ok_or_else(nobody)?.id;
                c.execute("UPDATE accounts SET is_disabled = 0 WHERE id = ?1", [id.as_bytes()])?;
                Ok(())
            })
            .await
    }

    /// Keeps the person out and signs all their devices out.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn disable(&self, name_key: String, now_s: u64) -> Result<Vec<Revocation>, Refusal> {
        self.db
            .write(move |c| {
                let id = by_name(c, &name_key)?.ok_or_else(nobody)?.id;
                c.execute("UPDATE accounts SET is_disabled = 1 WHERE id = ?1", [id.as_bytes()])?;
                Ok(revocations::all_devices(c, id, now_s)?)
            })
            .await
    }

    /// Another password; signs all devices out.
    ///
    /// # Errors
    /// `not_found`.
    pub async fn set_password(
        &self,
        name_key: String,
        password: String,
        now_s: u64,
    ) -> Result<Vec<Revocation>, Refusal> {
        self.db
            .write(move |c| {
                let id = by_name(c, &name_key)?.ok_or_else(nobody)?.id;
                c.execute(
                    "UPDATE accounts SET password = ?2 WHERE id = ?1",
                    params![id.as_bytes(), password],
                )?;
                Ok(revocations::all_devices(c, id, now_s)?)
            })
            .await
    }

    /// The people with these ids.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn people(&self, ids: Vec<AccountId>) -> Result<Vec<Person>, StoreError> {
        self.db
            .read(move |c| {
                let mut ask =
                    c.prepare_cached("SELECT id, name, display_name FROM accounts WHERE id = ?1")?;
                let mut people = Vec::with_capacity(ids.len());
                for id in ids {
                    people.extend(ask.query_row([id.as_bytes()], person).optional()?);
                }
                Ok(people)
            })
            .await
    }

    /// People whose folded name begins with, or whose folded display name holds, the folded text.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn find_people(&self, text_key: String, limit: u32) -> Result<Vec<Person>, StoreError> {
        let ask = "SELECT id, name, display_name FROM accounts
                   WHERE is_disabled = 0
                     AND (substr(name_key, 1, length(?1)) = ?1 OR instr(display_key, ?1) > 0)
                   ORDER BY name_key LIMIT ?2";
        self.db
            .read(move |c| {
                let mut ask = c.prepare_cached(ask)?;
                let people =
                    ask.query_map(params![text_key, limit], person)?.collect::<rusqlite::Result<_>>()?;
                Ok(people)
            })
            .await
    }
}

fn sign_up(connection: &Connection, new: &NewAccount) -> Result<Account, Refusal> {
    let is_first = !has_accounts(connection)?;
    if is_first && new.gate.first == FirstRight::Missing {
        return Err(Refusal::new(
            ErrorCode::SetupCodeNeeded,
            "the first account needs the printed setup code",
        ));
    }
    if !is_first {
        let used = match new.gate.invite {
            Some(code) => invites::use_up(connection, &code, new.at)?,
            None => false,
        };
        if !used {
            return Err(Refusal::new(ErrorCode::InviteInvalid, "the invite is unknown, used up or over"));
        }
    }
    if by_name(connection, &new.name_key)?.is_some() {
        return Err(Refusal::new(ErrorCode::NameTaken, "the account name is taken"));
    }
    connection.execute(
        "INSERT INTO accounts (id, name, name_key, display_name, display_key, password, is_admin, created_ms)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            new.id.as_bytes(),
            new.name,
            new.name_key,
            new.display_name,
            new.display_key,
            new.password,
            is_first,
            new.at.0
        ],
    )?;
    devices::put(connection, new.id, &new.device, new.at)?;
    Ok(Account {
        id: new.id,
        name: new.name.clone(),
        display_name: new.display_name.clone(),
        password: new.password.clone(),
        is_admin: is_first,
        is_disabled: false,
    })
}

fn by_name(connection: &Connection, name_key: &str) -> rusqlite::Result<Option<Account>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM accounts WHERE name_key = ?1"))?
        .query_row([name_key], account)
        .optional()
}

pub(super) fn by_id(connection: &Connection, id: AccountId) -> rusqlite::Result<Option<Account>> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM accounts WHERE id = ?1"))?
        .query_row([id.as_bytes()], account)
        .optional()
}

fn account(row: &Row<'_>) -> rusqlite::Result<Account> {
    Ok(Account {
        id: account_id(row, 0)?,
        name: row.get(1)?,
        display_name: row.get(2)?,
        password: row.get(3)?,
        is_admin: row.get(4)?,
        is_disabled: row.get(5)?,
    })
}

fn person(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person { account: account_id(row, 0)?, name: row.get(1)?, display_name: row.get(2)? })
}

fn nobody() -> Refusal {
    Refusal::new(ErrorCode::NotFound, "nobody has an account of this name")
}
