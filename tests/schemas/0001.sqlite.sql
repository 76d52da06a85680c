BEGIN TRANSACTION;
CREATE TABLE activity (
	id INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	actor VARCHAR NOT NULL, 
	verb VARCHAR NOT NULL, 
	sprint_id INTEGER, 
	bug_id INTEGER, 
	ticket_id INTEGER, 
	team_id INTEGER, 
	source_id INTEGER, 
	detail VARCHAR NOT NULL, 
	bugs JSON NOT NULL, 
	CONSTRAINT pk_activity PRIMARY KEY (id), 
	CONSTRAINT fk_activity_bug_id FOREIGN KEY(bug_id) REFERENCES bug (id), 
	CONSTRAINT fk_activity_source_id FOREIGN KEY(source_id) REFERENCES source (id), 
	CONSTRAINT fk_activity_sprint_id FOREIGN KEY(sprint_id) REFERENCES sprint (id), 
	CONSTRAINT fk_activity_team_id FOREIGN KEY(team_id) REFERENCES team (id), 
	CONSTRAINT fk_activity_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id)
);
INSERT INTO "activity" VALUES(1,'2026-01-05 09:00:00.000000','Ana Admin','signed_in',NULL,NULL,NULL,NULL,NULL,'','[]');
INSERT INTO "activity" VALUES(2,'2026-01-05 09:00:00.000000','command','token_created',NULL,NULL,NULL,NULL,NULL,'reports','[]');
INSERT INTO "activity" VALUES(3,'2026-01-05 09:00:00.000000','test','ranked',NULL,NULL,NULL,NULL,NULL,'3 bugs','[]');
INSERT INTO "activity" VALUES(4,'2026-01-05 09:00:00.000000','Ana Admin','sprint_made',1,NULL,NULL,NULL,NULL,'Spring 2026','[]');
INSERT INTO "activity" VALUES(5,'2026-01-05 10:00:00.000000','Ana Admin','committed',1,NULL,NULL,NULL,NULL,'3 bugs for 1 teams','[]');
INSERT INTO "activity" VALUES(6,'2026-01-05 12:00:00.000000','Ana Admin','claimed',1,1,NULL,1,NULL,'Payments','[]');
INSERT INTO "activity" VALUES(7,'2026-01-05 13:00:00.000000','Ana Admin','released_claim',1,1,NULL,1,NULL,'','[]');
INSERT INTO "activity" VALUES(8,'2026-01-05 14:00:00.000000','Zoë Ünal','claimed',1,1,NULL,1,NULL,'Payments','[]');
INSERT INTO "activity" VALUES(9,'2026-01-05 15:00:00.000000','Zoë Ünal','tagged',NULL,NULL,8,NULL,NULL,'+vip','[]');
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE api_token (
	id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	token_hash VARCHAR NOT NULL, 
	scopes JSON NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	last_used_at DATETIME, 
	CONSTRAINT pk_api_token PRIMARY KEY (id), 
	CONSTRAINT uq_api_token_name UNIQUE (name), 
	CONSTRAINT uq_api_token_token_hash UNIQUE (token_hash)
);
INSERT INTO "api_token" VALUES(1,'reports','b0f5f348955edd778043dc8eda813158e9f9a70103e52b51a7de1d48690a7cf2','["board.read"]','2026-01-05 09:00:00.000000','2027-01-05 09:00:00.000000',NULL);
CREATE TABLE area (
	id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	team_id INTEGER, 
	matches JSON NOT NULL, 
	adjacent JSON NOT NULL, 
	CONSTRAINT pk_area PRIMARY KEY (id), 
	CONSTRAINT fk_area_team_id FOREIGN KEY(team_id) REFERENCES team (id), 
	CONSTRAINT uq_area_key UNIQUE ("key")
);
INSERT INTO "area" VALUES(1,'checkout','Checkout',1,'[]','[]');
CREATE TABLE bug (
	id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	external_id VARCHAR NOT NULL, 
	"key" VARCHAR NOT NULL, 
	url VARCHAR, 
	title VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	type VARCHAR, 
	status_raw VARCHAR NOT NULL, 
	status_category VARCHAR(24) NOT NULL, 
	resolution VARCHAR(24), 
	priority_raw VARCHAR, 
	severity VARCHAR(24), 
	labels JSON NOT NULL, 
	components JSON NOT NULL, 
	assignees JSON NOT NULL, 
	reporter VARCHAR, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	closed_at DATETIME, 
	visibility VARCHAR(24) NOT NULL, 
	duplicate_of_id INTEGER, 
	area_id INTEGER, 
	CONSTRAINT pk_bug PRIMARY KEY (id), 
	CONSTRAINT ck_bug_not_of_itself CHECK (duplicate_of_id IS NULL OR duplicate_of_id <> id), 
	CONSTRAINT fk_bug_area_id FOREIGN KEY(area_id) REFERENCES area (id), 
	CONSTRAINT fk_bug_duplicate_of_id FOREIGN KEY(duplicate_of_id) REFERENCES bug (id), 
	CONSTRAINT fk_bug_source_id FOREIGN KEY(source_id) REFERENCES source (id), 
	CONSTRAINT uq_bug_source_id_external_id UNIQUE (source_id, external_id)
);
INSERT INTO "bug" VALUES(1,2,'3','acme/app#3',NULL,'Export hängt','',NULL,'open','open',NULL,NULL,NULL,'[]','[]','[]',NULL,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',NULL,'ok',NULL,1);
INSERT INTO "bug" VALUES(2,2,'5','acme/app#5',NULL,'Login loops','',NULL,'open','open',NULL,NULL,NULL,'[]','[]','[]',NULL,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',NULL,'ok',NULL,1);
INSERT INTO "bug" VALUES(3,2,'6','acme/app#6',NULL,'Karte “abgelehnt” 💳','',NULL,'open','open',NULL,NULL,NULL,'[]','[]','[]',NULL,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',NULL,'ok',NULL,1);
CREATE TABLE bug_name (
	name VARCHAR NOT NULL, 
	bug_id INTEGER NOT NULL, 
	CONSTRAINT pk_bug_name PRIMARY KEY (name, bug_id), 
	CONSTRAINT fk_bug_name_bug_id FOREIGN KEY(bug_id) REFERENCES bug (id)
);
CREATE TABLE bug_score (
	bug_id INTEGER NOT NULL, 
	score FLOAT NOT NULL, 
	customers INTEGER NOT NULL, 
	tickets INTEGER NOT NULL, 
	recent_tickets INTEGER NOT NULL, 
	first_report DATETIME, 
	last_report DATETIME, 
	arr_cents BIGINT NOT NULL, 
	CONSTRAINT pk_bug_score PRIMARY KEY (bug_id), 
	CONSTRAINT fk_bug_score_bug_id FOREIGN KEY(bug_id) REFERENCES bug (id)
);
INSERT INTO "bug_score" VALUES(1,3.5,3,3,3,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',123456700);
INSERT INTO "bug_score" VALUES(2,2.5,2,2,2,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',123456700);
INSERT INTO "bug_score" VALUES(3,1.5,1,1,1,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',123456700);
CREATE TABLE customer (
	id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	external_id VARCHAR NOT NULL, 
	kind VARCHAR(24) NOT NULL, 
	name VARCHAR NOT NULL, 
	tier VARCHAR, 
	arr_cents BIGINT, 
	renewal_on DATE, 
	domains JSON NOT NULL, 
	deleted BOOLEAN NOT NULL, 
	CONSTRAINT pk_customer PRIMARY KEY (id), 
	CONSTRAINT fk_customer_source_id FOREIGN KEY(source_id) REFERENCES source (id), 
	CONSTRAINT uq_customer_source_id_external_id UNIQUE (source_id, external_id)
);
INSERT INTO "customer" VALUES(1,1,'C2','organization','Bäckerei Ölschläger','gold',123456700,NULL,'["example.org"]',0);
INSERT INTO "customer" VALUES(2,1,'C8','organization','Kunde 01',NULL,NULL,NULL,'[]',0);
INSERT INTO "customer" VALUES(3,1,'C10','organization','Kunde 02',NULL,NULL,NULL,'[]',0);
INSERT INTO "customer" VALUES(4,1,'C13','organization','Kunde 11',NULL,NULL,NULL,'[]',0);
INSERT INTO "customer" VALUES(5,1,'C16','organization','Acme',NULL,NULL,NULL,'[]',0);
INSERT INTO "customer" VALUES(6,1,'C18','organization','Acme',NULL,NULL,NULL,'[]',0);
CREATE TABLE dead_letter (
	id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	stream VARCHAR NOT NULL, 
	external_id VARCHAR, 
	reason VARCHAR NOT NULL, 
	payload TEXT NOT NULL, 
	payload_hash VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_dead_letter PRIMARY KEY (id), 
	CONSTRAINT fk_dead_letter_source_id FOREIGN KEY(source_id) REFERENCES source (id), 
	CONSTRAINT uq_dead_letter_source_id_stream_payload_hash UNIQUE (source_id, stream, payload_hash)
);
INSERT INTO "dead_letter" VALUES(1,1,'tickets','77','no subject','{"id": 77}','abababababababababababababababababababababababababababababababab','2026-01-05 09:00:00.000000');
CREATE TABLE job_lease (
	name VARCHAR NOT NULL, 
	holder VARCHAR NOT NULL, 
	fence INTEGER NOT NULL, 
	locked_until DATETIME NOT NULL, 
	last_started DATETIME NOT NULL, 
	last_finished DATETIME, 
	last_result VARCHAR NOT NULL, 
	CONSTRAINT pk_job_lease PRIMARY KEY (name)
);
INSERT INTO "job_lease" VALUES('sync:support','h:1',1,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000','3 records');
CREATE TABLE link (
	id INTEGER NOT NULL, 
	ticket_id INTEGER NOT NULL, 
	bug_id INTEGER NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	origin VARCHAR(24) NOT NULL, 
	importance INTEGER NOT NULL, 
	decided_by VARCHAR, 
	made_at DATETIME NOT NULL, 
	CONSTRAINT pk_link PRIMARY KEY (id), 
	CONSTRAINT ck_link_importance CHECK (importance BETWEEN 1 AND 3), 
	CONSTRAINT fk_link_bug_id FOREIGN KEY(bug_id) REFERENCES bug (id), 
	CONSTRAINT fk_link_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id), 
	CONSTRAINT uq_link_ticket_id_bug_id UNIQUE (ticket_id, bug_id)
);
INSERT INTO "link" VALUES(1,1,1,'confirmed','manual',1,NULL,'2026-01-05 09:00:00.000000');
INSERT INTO "link" VALUES(2,2,1,'confirmed','manual',1,NULL,'2026-01-05 09:00:00.000000');
INSERT INTO "link" VALUES(3,3,1,'confirmed','manual',1,NULL,'2026-01-05 09:00:00.000000');
INSERT INTO "link" VALUES(4,4,2,'confirmed','manual',1,NULL,'2026-01-05 09:00:00.000000');
INSERT INTO "link" VALUES(5,5,2,'confirmed','manual',1,NULL,'2026-01-05 09:00:00.000000');
INSERT INTO "link" VALUES(6,6,3,'confirmed','manual',1,NULL,'2026-01-05 09:00:00.000000');
CREATE TABLE member (
	id INTEGER NOT NULL, 
	team_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	email VARCHAR, 
	discipline VARCHAR(24) NOT NULL, 
	days FLOAT NOT NULL, 
	leave_days FLOAT NOT NULL, 
	lead BOOLEAN NOT NULL, 
	CONSTRAINT pk_member PRIMARY KEY (id), 
	CONSTRAINT fk_member_team_id FOREIGN KEY(team_id) REFERENCES team (id)
);
CREATE TABLE mention (
	ticket_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	origin VARCHAR(24) NOT NULL, 
	CONSTRAINT pk_mention PRIMARY KEY (ticket_id, name, origin), 
	CONSTRAINT fk_mention_ticket_id FOREIGN KEY(ticket_id) REFERENCES ticket (id)
);
CREATE TABLE merge (
	id INTEGER NOT NULL, 
	bug_id INTEGER NOT NULL, 
	into_id INTEGER, 
	"by" VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_merge PRIMARY KEY (id), 
	CONSTRAINT fk_merge_bug_id FOREIGN KEY(bug_id) REFERENCES bug (id), 
	CONSTRAINT fk_merge_into_id FOREIGN KEY(into_id) REFERENCES bug (id), 
	CONSTRAINT uq_merge_bug_id UNIQUE (bug_id)
);
CREATE TABLE plan_mark (
	id INTEGER NOT NULL, 
	sprint_id INTEGER NOT NULL, 
	bug_id INTEGER NOT NULL, 
	pinned_team_id INTEGER, 
	declined BOOLEAN NOT NULL, 
	why VARCHAR NOT NULL, 
	"by" VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_plan_mark PRIMARY KEY (id), 
	CONSTRAINT fk_plan_mark_bug_id FOREIGN KEY(bug_id) REFERENCES bug (id), 
	CONSTRAINT fk_plan_mark_pinned_team_id FOREIGN KEY(pinned_team_id) REFERENCES team (id), 
	CONSTRAINT fk_plan_mark_sprint_id FOREIGN KEY(sprint_id) REFERENCES sprint (id), 
	CONSTRAINT uq_plan_mark_sprint_id_bug_id UNIQUE (sprint_id, bug_id)
);
CREATE TABLE ranking_policy (
	id INTEGER NOT NULL, 
	params JSON NOT NULL, 
	saved_by VARCHAR NOT NULL, 
	saved_at DATETIME NOT NULL, 
	CONSTRAINT pk_ranking_policy PRIMARY KEY (id)
);
INSERT INTO "ranking_policy" VALUES(1,'{"beta":1.0,"tau_days":90.0,"gamma":0.5,"alpha":0.5,"arr_ref_cents":123456700,"w_max":5.0,"severity_spread":1.0}','Bugsprint','2026-01-05 09:00:00.000000');
CREATE TABLE ranking_snapshot (
	id INTEGER NOT NULL, 
	as_of DATETIME NOT NULL, 
	policy_id INTEGER NOT NULL, 
	taken_at DATETIME NOT NULL, 
	data_hash VARCHAR NOT NULL, 
	body TEXT NOT NULL, 
	CONSTRAINT pk_ranking_snapshot PRIMARY KEY (id), 
	CONSTRAINT fk_ranking_snapshot_policy_id FOREIGN KEY(policy_id) REFERENCES ranking_policy (id)
);
INSERT INTO "ranking_snapshot" VALUES(1,'2026-01-05 00:00:00.000000',1,'2026-01-05 10:00:00.000000','2bdb9a009ebfc30a11b33837b9d66b45bb127f8147d782e5b6d099b24870b470','{"as_of":"2026-01-05T00:00:00Z","bugs":[{"arr_cents":123456700,"bug_id":1,"customers":3,"first_report":"2026-01-05T09:00:00Z","place":1,"recent_tickets":3,"score":3.5,"tickets":3},{"arr_cents":123456700,"bug_id":2,"customers":2,"first_report":"2026-01-05T09:00:00Z","place":2,"recent_tickets":2,"score":2.5,"tickets":2},{"arr_cents":123456700,"bug_id":3,"customers":1,"first_report":"2026-01-05T09:00:00Z","place":3,"recent_tickets":1,"score":1.5,"tickets":1}],"policy":{"alpha":0.5,"arr_ref_cents":123456700,"beta":1.0,"gamma":0.5,"severity_spread":1.0,"tau_days":90.0,"w_max":5.0}}');
CREATE TABLE ranking_state (
	id INTEGER NOT NULL, 
	as_of DATETIME NOT NULL, 
	policy_id INTEGER NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_ranking_state PRIMARY KEY (id), 
	CONSTRAINT fk_ranking_state_policy_id FOREIGN KEY(policy_id) REFERENCES ranking_policy (id)
);
INSERT INTO "ranking_state" VALUES(1,'2026-01-05 00:00:00.000000',1,1);
CREATE TABLE rate_window (
	bucket VARCHAR NOT NULL, 
	used JSON NOT NULL, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_rate_window PRIMARY KEY (bucket)
);
CREATE TABLE rating (
	id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	system VARCHAR NOT NULL, 
	external_id VARCHAR NOT NULL, 
	ticket_external_id VARCHAR NOT NULL, 
	score VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_rating PRIMARY KEY (id), 
	CONSTRAINT fk_rating_source_id FOREIGN KEY(source_id) REFERENCES source (id), 
	CONSTRAINT uq_rating_source_id_system_external_id UNIQUE (source_id, system, external_id)
);
CREATE TABLE sign_in (
	id INTEGER NOT NULL, 
	token_hash VARCHAR NOT NULL, 
	user_id INTEGER NOT NULL, 
	created_at DATETIME NOT NULL, 
	seen_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	CONSTRAINT pk_sign_in PRIMARY KEY (id), 
	CONSTRAINT fk_sign_in_user_id FOREIGN KEY(user_id) REFERENCES user (id), 
	CONSTRAINT uq_sign_in_token_hash UNIQUE (token_hash)
);
INSERT INTO "sign_in" VALUES(1,'41d9aaaa2b27c71ceb8c5bc21e532ee71455c9ea51a26745c7014fe5ff6dd465',1,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000','2026-01-12 09:00:00.000000');
CREATE TABLE sign_in_failure (
	id INTEGER NOT NULL, 
	subject VARCHAR NOT NULL, 
	at DATETIME NOT NULL, 
	CONSTRAINT pk_sign_in_failure PRIMARY KEY (id)
);
CREATE TABLE source (
	id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	options JSON NOT NULL, 
	secrets TEXT NOT NULL, 
	paused BOOLEAN NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	note VARCHAR NOT NULL, 
	added_at DATETIME NOT NULL, 
	tried_at DATETIME, 
	good_at DATETIME, 
	CONSTRAINT pk_source PRIMARY KEY (id), 
	CONSTRAINT uq_source_name UNIQUE (name)
);
INSERT INTO "source" VALUES(1,'zendesk','support','{"subdomain":"example","keep_text":true}','gAAAAABrDO-53A-Sc5cJ4KnUmsj5z1V1YeS0ajE-roe9uJzOR6c2xhzYrg-cEyvwfY45DYRqh75Oa6Cgnq28HD-y0HlRfc6XlcGihKzST-u_wzjU5tOg8aD3A8e8-qhnesS7xmaKsATp',0,'ok','','2026-01-05 09:00:00.000000',NULL,'2026-01-05 09:00:00.000000');
INSERT INTO "source" VALUES(2,'github','github-4','{}','',0,'never','','2026-01-05 09:00:00.000000',NULL,NULL);
CREATE TABLE sprint (
	id INTEGER NOT NULL, 
	slug VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	starts_on DATE NOT NULL, 
	ends_on DATE NOT NULL, 
	phase VARCHAR(24) NOT NULL, 
	choice_share FLOAT NOT NULL, 
	demo BOOLEAN NOT NULL, 
	snapshot_id INTEGER, 
	committed_at DATETIME, 
	closed_at DATETIME, 
	CONSTRAINT pk_sprint PRIMARY KEY (id), 
	CONSTRAINT ck_sprint_choice_share CHECK (choice_share >= 0 AND choice_share <= 0.7), 
	CONSTRAINT ck_sprint_dates CHECK (ends_on >= starts_on), 
	CONSTRAINT fk_sprint_snapshot_id FOREIGN KEY(snapshot_id) REFERENCES ranking_snapshot (id), 
	CONSTRAINT uq_sprint_slug UNIQUE (slug)
);
INSERT INTO "sprint" VALUES(1,'spring-2026','Spring 2026','2026-01-05','2026-01-18','run',0.3,0,1,'2026-01-05 10:00:00.000000',NULL);
CREATE TABLE sprint_item (
	id INTEGER NOT NULL, 
	sprint_id INTEGER NOT NULL, 
	bug_id INTEGER NOT NULL, 
	team_id INTEGER, 
	lane VARCHAR(24) NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	frozen_rank INTEGER, 
	frozen_score FLOAT, 
	frozen_first_report DATETIME, 
	reasons JSON NOT NULL, 
	effort VARCHAR(24), 
	added_at DATETIME NOT NULL, 
	claimed_by VARCHAR, 
	claimed_at DATETIME, 
	resolved_at DATETIME, 
	version INTEGER NOT NULL, 
	CONSTRAINT pk_sprint_item PRIMARY KEY (id), 
	CONSTRAINT ck_sprint_item_claimed_by CHECK (state <> 'claimed' OR claimed_by IS NOT NULL), 
	CONSTRAINT fk_sprint_item_bug_id FOREIGN KEY(bug_id) REFERENCES bug (id), 
	CONSTRAINT fk_sprint_item_sprint_id FOREIGN KEY(sprint_id) REFERENCES sprint (id), 
	CONSTRAINT fk_sprint_item_team_id FOREIGN KEY(team_id) REFERENCES team (id), 
	CONSTRAINT uq_sprint_item_sprint_id_bug_id UNIQUE (sprint_id, bug_id)
);
INSERT INTO "sprint_item" VALUES(1,1,1,1,'high_profile','claimed',1,3.5,'2026-01-05 09:00:00.000000','["Payments owns its area.","It is #1 of the ranked list.","Without it, Payments would fall below the minimum of its high-profile lane.","Nothing left out would bring Payments more points for a day (3.5)."]',NULL,'2026-01-05 10:00:00.000000','Zoë Ünal','2026-01-05 14:00:00.000000',NULL,4);
INSERT INTO "sprint_item" VALUES(2,1,2,1,'high_profile','open',2,2.5,'2026-01-05 09:00:00.000000','["Payments owns its area.","It is #2 of the ranked list.","Without it, Payments would fall below the minimum of its high-profile lane.","Nothing left out would bring Payments more points for a day (2.5)."]',NULL,'2026-01-05 10:00:00.000000',NULL,NULL,NULL,1);
INSERT INTO "sprint_item" VALUES(3,1,3,1,'high_profile','open',3,1.5,'2026-01-05 09:00:00.000000','["Payments owns its area.","It is #3 of the ranked list.","Without it, Payments would fall below the minimum of its high-profile lane.","Nothing left out would bring Payments more points for a day (1.5)."]',NULL,'2026-01-05 10:00:00.000000',NULL,NULL,NULL,1);
CREATE TABLE stale_score (
	bug_id INTEGER NOT NULL, 
	CONSTRAINT pk_stale_score PRIMARY KEY (bug_id), 
	CONSTRAINT fk_stale_score_bug_id FOREIGN KEY(bug_id) REFERENCES bug (id)
);
CREATE TABLE stream (
	source_id INTEGER NOT NULL, 
	name VARCHAR NOT NULL, 
	position TEXT NOT NULL, 
	state VARCHAR(24) NOT NULL, 
	note VARCHAR NOT NULL, 
	read_at DATETIME, 
	kept INTEGER NOT NULL, 
	CONSTRAINT pk_stream PRIMARY KEY (source_id, name), 
	CONSTRAINT fk_stream_source_id FOREIGN KEY(source_id) REFERENCES source (id)
);
CREATE TABLE team (
	id INTEGER NOT NULL, 
	"key" VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	capacity_days FLOAT, 
	focus_factor FLOAT NOT NULL, 
	wip_limit INTEGER, 
	CONSTRAINT pk_team PRIMARY KEY (id), 
	CONSTRAINT ck_team_focus_factor CHECK (focus_factor > 0 AND focus_factor <= 1), 
	CONSTRAINT uq_team_key UNIQUE ("key"), 
	CONSTRAINT uq_team_name UNIQUE (name)
);
INSERT INTO "team" VALUES(1,'payments','Payments',20.0,0.6,NULL);
CREATE TABLE ticket (
	id INTEGER NOT NULL, 
	source_id INTEGER NOT NULL, 
	external_id VARCHAR NOT NULL, 
	url VARCHAR, 
	subject VARCHAR NOT NULL, 
	text TEXT NOT NULL, 
	status VARCHAR(24) NOT NULL, 
	priority VARCHAR, 
	type VARCHAR, 
	tags JSON NOT NULL, 
	own_tags JSON DEFAULT '[]' NOT NULL, 
	customer_id INTEGER, 
	problem_external_id VARCHAR, 
	created_at DATETIME NOT NULL, 
	updated_at DATETIME NOT NULL, 
	solved_at DATETIME, 
	reopens INTEGER NOT NULL, 
	csat VARCHAR, 
	csat_system VARCHAR, 
	stamp BIGINT NOT NULL, 
	CONSTRAINT pk_ticket PRIMARY KEY (id), 
	CONSTRAINT fk_ticket_customer_id FOREIGN KEY(customer_id) REFERENCES customer (id), 
	CONSTRAINT fk_ticket_source_id FOREIGN KEY(source_id) REFERENCES source (id), 
	CONSTRAINT uq_ticket_source_id_external_id UNIQUE (source_id, external_id)
);
INSERT INTO "ticket" VALUES(1,1,'7',NULL,'It does not work','It''s broken;
second line -- with ''quotes'' and \ backslash','open',NULL,NULL,'["vip","checkout"]','[]',1,NULL,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',NULL,0,NULL,NULL,0);
INSERT INTO "ticket" VALUES(2,1,'9',NULL,'It does not work','It''s broken;
second line -- with ''quotes'' and \ backslash','open',NULL,NULL,'["vip","checkout"]','[]',2,NULL,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',NULL,0,NULL,NULL,0);
INSERT INTO "ticket" VALUES(3,1,'11',NULL,'It does not work','It''s broken;
second line -- with ''quotes'' and \ backslash','open',NULL,NULL,'["vip","checkout"]','[]',3,NULL,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',NULL,0,NULL,NULL,0);
INSERT INTO "ticket" VALUES(4,1,'12',NULL,'It does not work','It''s broken;
second line -- with ''quotes'' and \ backslash','open',NULL,NULL,'["vip","checkout"]','[]',1,NULL,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',NULL,0,NULL,NULL,0);
INSERT INTO "ticket" VALUES(5,1,'14',NULL,'It does not work','It''s broken;
second line -- with ''quotes'' and \ backslash','open',NULL,NULL,'["vip","checkout"]','[]',4,NULL,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',NULL,0,NULL,NULL,0);
INSERT INTO "ticket" VALUES(6,1,'15',NULL,'It does not work','It''s broken;
second line -- with ''quotes'' and \ backslash','open',NULL,NULL,'["vip","checkout"]','[]',1,NULL,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',NULL,0,NULL,NULL,0);
INSERT INTO "ticket" VALUES(7,1,'17',NULL,'Nobody knows why','','open',NULL,NULL,'[]','[]',5,NULL,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',NULL,0,NULL,NULL,0);
INSERT INTO "ticket" VALUES(8,1,'19',NULL,'Loose','','open',NULL,NULL,'[]','["vip"]',6,NULL,'2026-01-05 09:00:00.000000','2026-01-05 09:00:00.000000',NULL,0,NULL,NULL,0);
CREATE TABLE user (
	id INTEGER NOT NULL, 
	email VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	role VARCHAR(24) NOT NULL, 
	password_hash VARCHAR, 
	team_id INTEGER, 
	organiser BOOLEAN NOT NULL, 
	active BOOLEAN NOT NULL, 
	demo BOOLEAN NOT NULL, 
	created_at DATETIME NOT NULL, 
	CONSTRAINT pk_user PRIMARY KEY (id), 
	CONSTRAINT fk_user_team_id FOREIGN KEY(team_id) REFERENCES team (id), 
	CONSTRAINT uq_user_email UNIQUE (email)
);
INSERT INTO "user" VALUES(1,'ana@example.com','Ana Admin','admin',NULL,NULL,0,1,0,'2026-01-05 09:00:00.000000');
CREATE INDEX ix_sign_in_failure_subject ON sign_in_failure (subject);
CREATE INDEX ix_area_team_id ON area (team_id);
CREATE INDEX ix_member_email ON member (email);
CREATE INDEX ix_member_team_id ON member (team_id);
CREATE INDEX ix_rating_ticket_external_id ON rating (ticket_external_id);
CREATE INDEX ix_bug_area_id ON bug (area_id);
CREATE INDEX ix_bug_duplicate_of_id ON bug (duplicate_of_id);
CREATE INDEX ix_bug_status_category ON bug (status_category);
CREATE INDEX ix_sign_in_user_id ON sign_in (user_id);
CREATE INDEX ix_ticket_created ON ticket (created_at, id);
CREATE INDEX ix_ticket_customer_id ON ticket (customer_id);
CREATE INDEX ix_ticket_problem ON ticket (source_id, problem_external_id);
CREATE INDEX ix_ticket_solved_at ON ticket (solved_at);
CREATE INDEX ix_ticket_status ON ticket (status);
CREATE INDEX ix_activity_bug_id ON activity (bug_id);
CREATE INDEX ix_bug_name_bug_id ON bug_name (bug_id);
CREATE INDEX ix_bug_score_score ON bug_score (score);
CREATE INDEX ix_link_bug_id ON link (bug_id);
CREATE INDEX ix_mention_name ON mention (name);
CREATE INDEX ix_merge_into_id ON merge (into_id);
CREATE INDEX ix_plan_mark_bug_id ON plan_mark (bug_id);
CREATE INDEX ix_sprint_item_bug_id ON sprint_item (bug_id);
CREATE INDEX ix_sprint_item_order ON sprint_item (sprint_id, frozen_rank, id);
CREATE INDEX ix_sprint_item_team_id ON sprint_item (team_id);
COMMIT;
