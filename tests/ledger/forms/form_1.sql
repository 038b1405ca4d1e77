BEGIN TRANSACTION;
CREATE TABLE connections (
	name TEXT NOT NULL, 
	connector TEXT NOT NULL, 
	answers TEXT NOT NULL, 
	secrets BLOB NOT NULL, 
	secret_names TEXT NOT NULL, 
	host TEXT NOT NULL, 
	allow_private INTEGER NOT NULL, 
	saved_at TEXT NOT NULL, 
	PRIMARY KEY (name)
);
CREATE TABLE cursors (
	flow TEXT NOT NULL, 
	binding TEXT NOT NULL, 
	cursor TEXT NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (flow, binding)
);
INSERT INTO "cursors" VALUES('orders','default','{"n": 1}','2026-01-05T08:00:00.000000+00:00');
CREATE TABLE deliveries (
	flow TEXT NOT NULL, 
	binding TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	run_id INTEGER NOT NULL, 
	seen BLOB NOT NULL, 
	at TEXT NOT NULL, 
	UNIQUE (flow, binding, "key")
);
CREATE TABLE exchanges (
	id INTEGER NOT NULL, 
	flow TEXT NOT NULL, 
	binding TEXT NOT NULL, 
	"key" TEXT, 
	run_id INTEGER, 
	step TEXT NOT NULL, 
	status INTEGER, 
	exchange BLOB NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE intents (
	id INTEGER NOT NULL, 
	connection TEXT NOT NULL, 
	resource TEXT NOT NULL, 
	"match" BLOB NOT NULL, 
	flow TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	step TEXT NOT NULL, 
	idempotency_key TEXT NOT NULL, 
	state TEXT NOT NULL, 
	target_id TEXT, 
	target_number TEXT, 
	answer BLOB, 
	opened_at TEXT NOT NULL, 
	changed_at TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (connection, resource, "match")
);
CREATE TABLE lanes (
	lane TEXT NOT NULL, 
	held_until TEXT NOT NULL, 
	PRIMARY KEY (lane)
);
CREATE TABLE meta (
	name TEXT NOT NULL, 
	value BLOB NOT NULL, 
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('schema_version',X'31');
INSERT INTO "meta" VALUES('key_check',X'016FE151C8B61EE869D54B0DD051FABFE7C56AC189CF5F82DC11A7DC33241A5588DEA087A26425379A9571B0149FF2BA4718FF399DAA1E');
CREATE TABLE outcomes (
	id INTEGER NOT NULL, 
	record_id INTEGER NOT NULL, 
	run_id INTEGER, 
	version TEXT NOT NULL, 
	outcome TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	problems BLOB, 
	target_number TEXT, 
	attempt INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	next_attempt_at TEXT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(record_id) REFERENCES records (id) ON DELETE CASCADE
);
INSERT INTO "outcomes" VALUES(1,1,1,'v','created','',NULL,'SO-1',1,'2026-01-05T08:00:00.000000+00:00',NULL);
CREATE TABLE payloads (
	record_id INTEGER NOT NULL, 
	payload BLOB NOT NULL, 
	PRIMARY KEY (record_id), 
	FOREIGN KEY(record_id) REFERENCES records (id) ON DELETE CASCADE
);
INSERT INTO "payloads" VALUES(1,X'01DC074A4B8099E3960AF50A6FE09E6E3964F1D964540C905BB485CB16B9541B9BC8E3B2A9');
CREATE TABLE records (
	id INTEGER NOT NULL, 
	flow TEXT NOT NULL, 
	binding TEXT NOT NULL, 
	"key" TEXT NOT NULL, 
	number TEXT NOT NULL, 
	version TEXT NOT NULL, 
	state TEXT NOT NULL, 
	filter_state TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	problems BLOB, 
	attempts INTEGER NOT NULL, 
	next_attempt_at TEXT, 
	target_number TEXT, 
	source_time TEXT, 
	first_seen TEXT NOT NULL, 
	last_seen TEXT NOT NULL, 
	changed_at TEXT NOT NULL, 
	PRIMARY KEY (id), 
	UNIQUE (flow, binding, "key")
);
INSERT INTO "records" VALUES(1,'orders','default','k1','1001','v','created','due','',NULL,1,NULL,'SO-1',NULL,'2026-01-05T08:00:00.000000+00:00','2026-01-05T08:00:00.000000+00:00','2026-01-05T08:00:00.000000+00:00');
CREATE TABLE runs (
	id INTEGER NOT NULL, 
	flow TEXT NOT NULL, 
	binding TEXT NOT NULL, 
	version TEXT NOT NULL, 
	mode TEXT NOT NULL, 
	state TEXT NOT NULL, 
	started_at TEXT NOT NULL, 
	ended_at TEXT, 
	counts TEXT NOT NULL, 
	problem TEXT, 
	PRIMARY KEY (id)
);
INSERT INTO "runs" VALUES(1,'orders','default','aaaa','all','ended','2026-01-05T08:00:00.000000+00:00','2026-01-05T08:01:00.000000+00:00','{"read": 1}',NULL);
INSERT INTO "runs" VALUES(2,'orders','default','aaaa','all','ended','2026-01-05T09:00:00.000000+00:00','2026-01-05T09:01:00.000000+00:00','{"read": 1}',NULL);
INSERT INTO "runs" VALUES(3,'orders','default','aaaa','all','ended','2026-01-05T10:00:00.000000+00:00','2026-01-05T10:01:00.000000+00:00','{"read": 1}',NULL);
INSERT INTO "runs" VALUES(4,'orders','default','bbbb','all','ended','2026-01-06T08:00:00.000000+00:00','2026-01-06T08:01:00.000000+00:00','{"read": 1}',NULL);
INSERT INTO "runs" VALUES(5,'orders','default','bbbb','all','ended','2026-01-06T09:00:00.000000+00:00','2026-01-06T09:01:00.000000+00:00','{"read": 1}',NULL);
INSERT INTO "runs" VALUES(6,'returns','default','cccc','all','ended','2026-01-07T08:00:00.000000+00:00','2026-01-07T08:01:00.000000+00:00','{"read": 1}',NULL);
CREATE TABLE settings (
	run_id INTEGER NOT NULL, 
	settings BLOB NOT NULL, 
	PRIMARY KEY (run_id)
);
CREATE TABLE tokens (
	connection TEXT NOT NULL, 
	tokens BLOB NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (connection), 
	FOREIGN KEY(connection) REFERENCES connections (name) ON DELETE CASCADE
);
CREATE TABLE versions (
	hash TEXT NOT NULL, 
	flow TEXT NOT NULL, 
	documents BLOB NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (hash)
);
INSERT INTO "versions" VALUES('aaaa','orders',X'789C45CC310A80300C46E1ABC83F8BDD3D80A70894D206AD68529AE222BDBB4E3ABE6F78372C5C9CFC194AC9B29AD39AB8DAB49B0AE60137A1E57630BD415872B546E82418074415E1D8B47A2B1CCDD9A6C57DF82F3AFA0387F124C9','2026-01-05T08:00:00.000000+00:00');
INSERT INTO "versions" VALUES('bbbb','orders',X'789C45CC3B0A80301045D1ADC8ABC5F46EC376208464F083CE844CB009D9BB565A9E5BDC060B37277F859C7759CD69495C6C3A4C05F38046A87B3D995E10168E2A89D049300E78211CAB166F99A339DB34BB2FFE8F8EFE00AB77251D','2026-01-06T08:00:00.000000+00:00');
INSERT INTO "versions" VALUES('cccc','returns',X'789C458CC10A802010057F25DE39F2DE67745E10B1A58C5AC5B52EE2BF1704759C19980A7517CFF670290559D4642E67161D368D82B14325945076A60708D35B098D047D071F45D89798AD26F66A748DC97CF29F34B41B11E02638','2026-01-07T08:00:00.000000+00:00');
CREATE TABLE windows (
	id INTEGER NOT NULL, 
	flow TEXT NOT NULL, 
	binding TEXT NOT NULL, 
	run_id INTEGER NOT NULL, 
	since TEXT, 
	until TEXT, 
	pages INTEGER NOT NULL, 
	records INTEGER NOT NULL, 
	at TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE words (
	word BLOB NOT NULL, 
	record_id INTEGER NOT NULL, 
	PRIMARY KEY (word, record_id), 
	FOREIGN KEY(record_id) REFERENCES records (id) ON DELETE CASCADE
);
CREATE INDEX runs_by_flow ON runs (flow, binding, state);
CREATE INDEX windows_by_flow ON windows (flow, binding);
CREATE INDEX records_by_target_number ON records (target_number);
CREATE INDEX records_by_state ON records (flow, binding, state, id);
CREATE INDEX records_by_number ON records (number);
CREATE INDEX records_by_key ON records ("key");
CREATE INDEX intents_by_key ON intents (flow, "key");
CREATE INDEX exchanges_by_key ON exchanges (flow, binding, "key");
CREATE INDEX exchanges_by_time ON exchanges (at);
CREATE INDEX words_by_record ON words (record_id);
CREATE INDEX outcomes_by_run ON outcomes (run_id, outcome);
CREATE INDEX outcomes_by_record ON outcomes (record_id);
COMMIT;
