//! The tables of contacts.

/// - `contacts`: what `owner` keeps of `other`. `asks`: requests that the owner made. `since_txn`: of the last time that
///   they became contacts. `veil_txn`: the transaction that last changed `blocked` (0: never), at `veiled_at`. `text`: what
///   a request says, while it waits. `gone_at`: since when nothing is left but that it was there.
/// - `contact_places`: the groups that a contact is in; they change with the contact's transaction.
/// - `contacts_forgotten`: the highest transaction of what was forgotten of a person's contacts and groups.
/// - `offers.hidden`: the receiver blocked the sender when it was asked, and never hears of it.
pub(in crate::store::sqlite::messenger) const TABLES: &str = "
CREATE TABLE contacts (
    owner BLOB NOT NULL,
    other BLOB NOT NULL,
    standing INTEGER NOT NULL,
    blocked INTEGER NOT NULL,
    favourite INTEGER NOT NULL,
    muted INTEGER NOT NULL,
    nickname TEXT NOT NULL,
    text TEXT NOT NULL,
    asks INTEGER NOT NULL,
    since_txn INTEGER NOT NULL,
    veil_txn INTEGER NOT NULL,
    veiled_at INTEGER NOT NULL,
    gone_at INTEGER,
    txn INTEGER NOT NULL,
    PRIMARY KEY (owner, other)
) STRICT, WITHOUT ROWID;
CREATE INDEX contacts_by_txn ON contacts (owner, txn);
CREATE INDEX contacts_asking ON contacts (owner) WHERE standing = 2;
CREATE INDEX contacts_blocked ON contacts (owner) WHERE blocked = 1;
CREATE INDEX contacts_veiled ON contacts (other, veil_txn) WHERE veil_txn > 0;
CREATE INDEX contacts_gone ON contacts (gone_at) WHERE gone_at IS NOT NULL;
CREATE TABLE contact_groups (
    owner BLOB NOT NULL,
    grp BLOB NOT NULL,
    name TEXT NOT NULL,
    rank INTEGER NOT NULL,
    gone_at INTEGER,
    txn INTEGER NOT NULL,
    PRIMARY KEY (owner, grp)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_groups_by_txn ON contact_groups (owner, txn);
CREATE INDEX contact_groups_gone ON contact_groups (gone_at) WHERE gone_at IS NOT NULL;
CREATE TABLE contact_places (
    owner BLOB NOT NULL,
    other BLOB NOT NULL,
    grp BLOB NOT NULL,
    rank INTEGER NOT NULL,
    PRIMARY KEY (owner, other, grp)
) STRICT, WITHOUT ROWID;
CREATE INDEX contact_places_by_group ON contact_places (owner, grp);
CREATE TABLE contacts_forgotten (
    owner BLOB PRIMARY KEY,
    txn INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
ALTER TABLE offers ADD COLUMN hidden INTEGER NOT NULL DEFAULT 0;
";

/// How many contacts a person keeps, and how many ask them: what a limit asks for is no walk through their rows.
pub(in crate::store::sqlite::messenger) const COUNTS: &str = "
CREATE TABLE contact_counts (
    owner BLOB PRIMARY KEY,
    kept INTEGER NOT NULL,
    asking INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO contact_counts (owner, kept, asking)
SELECT owner, sum(gone_at IS NULL), sum(standing = 2) FROM contacts GROUP BY owner;
CREATE TRIGGER contact_came AFTER INSERT ON contacts BEGIN
    INSERT OR IGNORE INTO contact_counts (owner, kept, asking) VALUES (new.owner, 0, 0);
    UPDATE contact_counts SET kept = kept + (new.gone_at IS NULL), asking = asking + (new.standing = 2)
    WHERE owner = new.owner;
END;
CREATE TRIGGER contact_changed AFTER UPDATE OF standing, gone_at ON contacts
WHEN (new.gone_at IS NULL) <> (old.gone_at IS NULL) OR (new.standing = 2) <> (old.standing = 2) BEGIN
    UPDATE contact_counts SET kept = kept + (new.gone_at IS NULL) - (old.gone_at IS NULL),
        asking = asking + (new.standing = 2) - (old.standing = 2)
    WHERE owner = new.owner;
END;
CREATE TRIGGER contact_went AFTER DELETE ON contacts BEGIN
    UPDATE contact_counts SET kept = kept - (old.gone_at IS NULL), asking = asking - (old.standing = 2)
    WHERE owner = old.owner;
END;
";
