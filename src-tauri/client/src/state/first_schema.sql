-- state.db as the first release wrote it (version 2): a message and a file wait for the server.
CREATE TABLE device (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    id BLOB NOT NULL
) STRICT;
INSERT INTO device VALUES(1,X'01a20e1ebeae70bca161d57ba6da7d17');
CREATE TABLE account (
    one INTEGER PRIMARY KEY CHECK (one = 1),
    account BLOB NOT NULL,
    name TEXT NOT NULL,
    display_name TEXT NOT NULL,
    is_admin INTEGER NOT NULL,
    server_name TEXT NOT NULL,
    url TEXT NOT NULL,
    fingerprint TEXT
) STRICT;
INSERT INTO account VALUES(1,X'01a20e1ebf32770db668d7dbce7b2fbd','amy','amy',1,'Pod','http://127.0.0.1:7600',NULL);
CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    account BLOB NOT NULL,
    room BLOB NOT NULL,
    message BLOB UNIQUE,
    body BLOB NOT NULL,
    at INTEGER NOT NULL,
    failed TEXT
) STRICT;
INSERT INTO outbox VALUES(3,X'01a20e1ebf32770db668d7dbce7b2fbd',X'01a20e1ebfbf77da943a8b2b1c7cef42',X'01a20e1ecc597799b612f88a363382e1',X'a1676d657373616765a26269645001a20e1ecc597799b612f88a363382e164626f6479582da261760167636f6e74656e74a16474657874a1647465787474776169747320666f722074686520736572766572',1795533229145,NULL);
CREATE TABLE drafts (
    account BLOB NOT NULL,
    room BLOB NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (account, room)
) STRICT, WITHOUT ROWID;
CREATE TABLE reads (
    account BLOB NOT NULL,
    room BLOB NOT NULL,
    pos INTEGER NOT NULL,
    PRIMARY KEY (account, room)
) STRICT, WITHOUT ROWID;
INSERT INTO drafts VALUES(X'01a20e1ebf32770db668d7dbce7b2fbd',X'01a20e1ebfbf77da943a8b2b1c7cef42','half a sen');
INSERT INTO reads VALUES(X'01a20e1ebf32770db668d7dbce7b2fbd',X'01a20e1ebfbf77da943a8b2b1c7cef42',6);
CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO settings VALUES('rooms.open','list');
CREATE TABLE transfers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    account BLOB NOT NULL,
    room BLOB NOT NULL,
    parent BLOB,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    next_upload BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    touched_at INTEGER NOT NULL,
    machine TEXT NOT NULL,
    over INTEGER NOT NULL
) STRICT;
INSERT INTO transfers VALUES(1,X'01a20e1ec173730e9817d2995a3e8ba0',X'01a20e1ebf32770db668d7dbce7b2fbd',X'01a20e1ebfbf77da943a8b2b1c7cef42',NULL,'봄.txt','/home/amy/봄.txt',X'01a20e1ec18c749091fe531a00b5819a',1795533226355,1795533226396,'{"id":"01a20e1e-c173-730e-9817-d2995a3e8ba0","direction":"up","phase":{"phase":"done"},"content":{"digest":"f3877e8a3d98f809d9f844060fbea2864a4b66980a22ff22297014d0c168db2e","size":10,"stamp":{"size":10,"modified_ns":1795533226254490199,"inode":10118432}},"upload":"01a20e1e-c173-730e-9817-d29aef08f5fa","entry":"01a20e1e-c1b3-72bd-b14a-449712b87930","done":10,"total":10,"tries":0,"restarts":0,"owed":[]}',1);
INSERT INTO transfers VALUES(2,X'01a20e1ec2f17025920d92bd5e027088',X'01a20e1ebf32770db668d7dbce7b2fbd',X'01a20e1ebfbf77da943a8b2b1c7cef42',NULL,'봄.txt','/home/amy/got.txt',X'01a20e1ec2f17025920d92beb8ad84c0',1795533226737,1795533226737,'{"id":"01a20e1e-c2f1-7025-920d-92bd5e027088","direction":"down","phase":{"phase":"done"},"content":{"digest":"f3877e8a3d98f809d9f844060fbea2864a4b66980a22ff22297014d0c168db2e","size":10,"stamp":null},"upload":null,"entry":"01a20e1e-c1b3-72bd-b14a-449712b87930","done":10,"total":10,"tries":0,"restarts":0,"owed":[]}',1);
INSERT INTO transfers VALUES(3,X'01a20e1ed0ae75f8b2c7c1c8f5f21036',X'01a20e1ebf32770db668d7dbce7b2fbd',X'01a20e1ebfbf77da943a8b2b1c7cef42',NULL,'wait.txt','/home/amy/wait.txt',X'01a20e1ed0ae75f8b2c7c1c9af58702e',1795533230254,1795533230254,'{"id":"01a20e1e-d0ae-75f8-b2c7-c1c8f5f21036","direction":"up","phase":{"phase":"waiting","for":"turn"},"content":null,"upload":null,"entry":null,"done":0,"total":7,"tries":0,"restarts":0,"owed":[]}',0);
CREATE TABLE transfer_folders (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id BLOB NOT NULL UNIQUE,
    account BLOB NOT NULL,
    room BLOB NOT NULL,
    parent BLOB,
    name TEXT NOT NULL
) STRICT;
CREATE TABLE copies (
    account BLOB NOT NULL,
    entry BLOB NOT NULL,
    room BLOB NOT NULL,
    path TEXT NOT NULL,
    digest TEXT NOT NULL,
    size INTEGER NOT NULL,
    modified_ns INTEGER NOT NULL,
    ours INTEGER NOT NULL,
    PRIMARY KEY (account, entry, path)
) STRICT, WITHOUT ROWID;
INSERT INTO copies VALUES(X'01a20e1ebf32770db668d7dbce7b2fbd',X'01a20e1ec1b372bdb14a449712b87930',X'01a20e1ebfbf77da943a8b2b1c7cef42','/home/amy/got.txt','f3877e8a3d98f809d9f844060fbea2864a4b66980a22ff22297014d0c168db2e',10,1795533226760036047,0);
INSERT INTO copies VALUES(X'01a20e1ebf32770db668d7dbce7b2fbd',X'01a20e1ec1b372bdb14a449712b87930',X'01a20e1ebfbf77da943a8b2b1c7cef42','/home/amy/봄.txt','f3877e8a3d98f809d9f844060fbea2864a4b66980a22ff22297014d0c168db2e',10,1795533226254490199,0);
INSERT INTO sqlite_sequence VALUES('outbox',3);
INSERT INTO sqlite_sequence VALUES('transfers',3);
CREATE INDEX outbox_by_room ON outbox (account, room, seq);
CREATE INDEX transfers_by_account ON transfers (account, over, seq);
