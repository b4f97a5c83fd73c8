CREATE TABLE accounts (
    id BLOB PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    display_key TEXT NOT NULL,
    password TEXT NOT NULL,
    is_admin INTEGER NOT NULL,
    is_disabled INTEGER NOT NULL DEFAULT 0,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE devices (
    id BLOB PRIMARY KEY,
    account BLOB NOT NULL REFERENCES accounts (id),
    label TEXT NOT NULL,
    token BLOB NOT NULL UNIQUE,
    since_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    issued_s INTEGER NOT NULL DEFAULT 0,
    signed_out_ms INTEGER
) STRICT;
CREATE INDEX devices_account ON devices (account) WHERE signed_out_ms IS NULL;
CREATE TABLE invites (
    code BLOB PRIMARY KEY,
    uses_left INTEGER NOT NULL CHECK (uses_left >= 0),
    expires_s INTEGER NOT NULL,
    by BLOB
) STRICT;
CREATE TABLE revocations (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    device BLOB NOT NULL,
    at_s INTEGER NOT NULL
) STRICT;
CREATE INDEX revocations_device ON revocations (device, at_s);
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
INSERT INTO accounts (id, name, name_key, display_name, display_key, password, is_admin, is_disabled, created_ms)
VALUES (x'0190000000007000800000000000000a', 'Ann', 'ann', 'Ann', 'ann', '$argon2id$v=19$m=19456,t=2,p=1$x$y', 1, 0, 1);
INSERT INTO devices (id, account, label, token, since_ms, seen_ms, issued_s, signed_out_ms)
VALUES (x'0190000000007000800000000000000b', x'0190000000007000800000000000000a', 'pc',
        x'0101010101010101010101010101010101010101010101010101010101010101', 1, 1, 0, NULL);
