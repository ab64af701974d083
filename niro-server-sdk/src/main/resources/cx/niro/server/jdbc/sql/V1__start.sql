-- In the SQL that H2 and PostgreSQL have in common.
CREATE TABLE niro_cluster (
  id                    VARCHAR(64)  PRIMARY KEY,
  organization          VARCHAR(64)  NOT NULL,
  name                  VARCHAR(200) NOT NULL,
  environment           VARCHAR(16)  NOT NULL,
  labels                VARCHAR      NOT NULL,
  unknown_after_seconds INTEGER,
  offline_after_seconds INTEGER,
  kube_system_uid       VARCHAR(128),
  enrolled_at           TIMESTAMP(6) WITH TIME ZONE,
  rotate_keys_before    TIMESTAMP(6) WITH TIME ZONE,
  created_at            TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  UNIQUE (organization, name)
);
CREATE INDEX niro_cluster_uid ON niro_cluster (organization, kube_system_uid);

CREATE TABLE niro_enrollment_token (
  cluster         VARCHAR(64) PRIMARY KEY REFERENCES niro_cluster ON DELETE CASCADE,
  key_id          VARCHAR(64) NOT NULL UNIQUE,
  hash            VARCHAR(64) NOT NULL,
  created_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  expires_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  take_over       BOOLEAN NOT NULL,
  used_at         TIMESTAMP(6) WITH TIME ZONE,
  request_id_hash VARCHAR(64),
  used_by_uid     VARCHAR(128)
);

-- No reference to niro_cluster: revoked keys outlive it, so that its agent can be told so.
CREATE TABLE niro_agent_key (
  key_id          VARCHAR(64) PRIMARY KEY,
  cluster         VARCHAR(64) NOT NULL,
  hash            VARCHAR(64) NOT NULL,
  state           VARCHAR(16) NOT NULL,
  request_id_hash VARCHAR(64) NOT NULL,
  created_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  changed_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
CREATE INDEX niro_agent_key_cluster ON niro_agent_key (cluster, state);
CREATE INDEX niro_agent_key_changed ON niro_agent_key (state, changed_at);

CREATE TABLE niro_session (
  cluster         VARCHAR(64) PRIMARY KEY REFERENCES niro_cluster ON DELETE CASCADE,
  boot_id         VARCHAR(64),
  boot_generation BIGINT  NOT NULL,
  sequence        BIGINT  NOT NULL,
  superseded_at   TIMESTAMP(6) WITH TIME ZONE,
  goodbye_at      TIMESTAMP(6) WITH TIME ZONE,
  goodbye_reason  VARCHAR,
  detection_state VARCHAR NOT NULL,
  recheck_at      TIMESTAMP(6) WITH TIME ZONE,
  version         BIGINT  NOT NULL
);

CREATE TABLE niro_boot (
  cluster    VARCHAR(64) NOT NULL REFERENCES niro_cluster ON DELETE CASCADE,
  boot_id    VARCHAR(64) NOT NULL,
  generation BIGINT      NOT NULL,
  PRIMARY KEY (cluster, boot_id)
);

CREATE TABLE niro_command (
  seq              BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id               VARCHAR(64) NOT NULL UNIQUE,
  cluster          VARCHAR(64) NOT NULL REFERENCES niro_cluster ON DELETE CASCADE,
  kind             VARCHAR(200) NOT NULL,
  payload_sha256   VARCHAR(64) NOT NULL,
  payload_bytes    INTEGER     NOT NULL,
  order_key        VARCHAR(300),
  idempotency_key  VARCHAR(200),
  idempotent_kind  BOOLEAN     NOT NULL,
  created_by       VARCHAR(300) NOT NULL,
  created_at       TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  deadline_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  state            VARCHAR(16) NOT NULL,
  is_open          BOOLEAN     NOT NULL,
  attempt          INTEGER     NOT NULL,
  offer_boot_id    VARCHAR(64),
  offered_at       TIMESTAMP(6) WITH TIME ZONE,
  lease_until      TIMESTAMP(6) WITH TIME ZONE,
  cancel_requested BOOLEAN     NOT NULL,
  reason           VARCHAR,
  output           VARCHAR,
  late_result      VARCHAR,
  finished_at      TIMESTAMP(6) WITH TIME ZONE,
  UNIQUE (cluster, idempotency_key)
);
CREATE INDEX niro_command_open ON niro_command (cluster, is_open, seq);
CREATE INDEX niro_command_deadline ON niro_command (is_open, deadline_at);
CREATE INDEX niro_command_finished ON niro_command (finished_at);

-- Apart, for a look at the open commands reads whole rows. Gone when the command has ended.
CREATE TABLE niro_command_payload (
  command VARCHAR(64) PRIMARY KEY REFERENCES niro_command (id) ON DELETE CASCADE,
  payload VARCHAR     NOT NULL
);

CREATE TABLE niro_incident (
  seq              BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id               VARCHAR(64)   NOT NULL UNIQUE,
  cluster          VARCHAR(64)   NOT NULL REFERENCES niro_cluster ON DELETE CASCADE,
  fingerprint      VARCHAR(64)   NOT NULL,
  -- The fingerprint while open, null afterwards: at most one open incident each, without a partial index.
  open_fingerprint VARCHAR(64),
  type             VARCHAR(64)   NOT NULL,
  scope            VARCHAR(1024) NOT NULL,
  severity         VARCHAR(16)   NOT NULL,
  summary          VARCHAR       NOT NULL,
  evidence         VARCHAR       NOT NULL,
  since            TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  opened_at        TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  resolved_at      TIMESTAMP(6) WITH TIME ZONE,
  resolution       VARCHAR,
  -- Severity while open, 0 afterwards: the order of lists.
  rank             INTEGER       NOT NULL,
  acknowledged_by  VARCHAR(300),
  acknowledged_at  TIMESTAMP(6) WITH TIME ZONE,
  acknowledged_note VARCHAR,
  suppressed_by    VARCHAR(64),
  flapping_since   TIMESTAMP(6) WITH TIME ZONE,
  group_key        VARCHAR(300),
  UNIQUE (cluster, open_fingerprint)
);
CREATE INDEX niro_incident_cluster ON niro_incident (cluster, seq);
CREATE INDEX niro_incident_resolved ON niro_incident (resolved_at);
CREATE INDEX niro_incident_rank ON niro_incident (rank, since, seq);

CREATE TABLE niro_silence (
  seq          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id           VARCHAR(64)  NOT NULL UNIQUE,
  organization VARCHAR(64)  NOT NULL,
  selector     VARCHAR      NOT NULL,
  scope_prefix VARCHAR(1024),
  starts_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  ends_at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  created_by   VARCHAR(300) NOT NULL,
  created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  reason       VARCHAR      NOT NULL
);
CREATE INDEX niro_silence_organization ON niro_silence (organization, ends_at);
CREATE INDEX niro_silence_ends ON niro_silence (ends_at);

CREATE TABLE niro_timeline (
  seq     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cluster VARCHAR(64) NOT NULL REFERENCES niro_cluster ON DELETE CASCADE,
  at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  kind    VARCHAR(64) NOT NULL,
  summary VARCHAR     NOT NULL,
  details VARCHAR     NOT NULL
);
CREATE INDEX niro_timeline_cluster ON niro_timeline (cluster, seq);
CREATE INDEX niro_timeline_at ON niro_timeline (at);

CREATE TABLE niro_inventory (
  cluster         VARCHAR(64) PRIMARY KEY REFERENCES niro_cluster ON DELETE CASCADE,
  boot_id         VARCHAR(64) NOT NULL,
  boot_generation BIGINT      NOT NULL,
  revision        BIGINT      NOT NULL,
  received_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  codec           INTEGER     NOT NULL,
  body            BYTEA       NOT NULL
);
CREATE INDEX niro_inventory_received ON niro_inventory (received_at);

CREATE TABLE niro_inventory_delta (
  cluster         VARCHAR(64) NOT NULL REFERENCES niro_cluster ON DELETE CASCADE,
  boot_generation BIGINT      NOT NULL,
  revision        BIGINT      NOT NULL,
  base_revision   BIGINT      NOT NULL,
  received_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  codec           INTEGER     NOT NULL,
  body            BYTEA       NOT NULL,
  PRIMARY KEY (cluster, boot_generation, revision)
);
CREATE INDEX niro_inventory_delta_received ON niro_inventory_delta (received_at);

CREATE TABLE niro_last_seen (
  cluster VARCHAR(64) PRIMARY KEY REFERENCES niro_cluster ON DELETE CASCADE,
  at      TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

CREATE TABLE niro_channel (
  id               VARCHAR(64)  PRIMARY KEY,
  organization     VARCHAR(64)  NOT NULL,
  name             VARCHAR(200) NOT NULL,
  kind             VARCHAR(64)  NOT NULL,
  enabled          BOOLEAN      NOT NULL,
  minimum_severity VARCHAR(16)  NOT NULL,
  selector         VARCHAR      NOT NULL,
  settings         VARCHAR      NOT NULL,
  created_at       TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  UNIQUE (organization, name)
);

-- No reference to niro_cluster: what was told of a cluster is ended after it is gone.
CREATE TABLE niro_mark (
  seq       BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cluster   VARCHAR(64)  NOT NULL,
  group_key VARCHAR(300) NOT NULL,
  urgent    BOOLEAN      NOT NULL,
  at        TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

CREATE TABLE niro_group (
  channel   VARCHAR(64)  NOT NULL REFERENCES niro_channel ON DELETE CASCADE,
  group_key VARCHAR(300) NOT NULL,
  due_at    TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  state     VARCHAR      NOT NULL,
  PRIMARY KEY (channel, group_key)
);
CREATE INDEX niro_group_key ON niro_group (group_key);
CREATE INDEX niro_group_due ON niro_group (due_at);

CREATE TABLE niro_delivery (
  seq         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id          VARCHAR(64)  NOT NULL UNIQUE,
  channel     VARCHAR(64)  NOT NULL REFERENCES niro_channel ON DELETE CASCADE,
  group_key   VARCHAR(300) NOT NULL,
  title       VARCHAR      NOT NULL,
  notice      VARCHAR      NOT NULL,
  created_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  give_up_at  TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  state       VARCHAR(16)  NOT NULL,
  attempts    INTEGER      NOT NULL,
  next_at     TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  finished_at TIMESTAMP(6) WITH TIME ZONE,
  last_error  VARCHAR
);
CREATE INDEX niro_delivery_state ON niro_delivery (state, channel, seq);
CREATE INDEX niro_delivery_channel ON niro_delivery (channel, seq);
CREATE INDEX niro_delivery_finished ON niro_delivery (finished_at);

-- Findings that hold now, open or exempt.
CREATE TABLE niro_finding (
  seq         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cluster     VARCHAR(64)   NOT NULL REFERENCES niro_cluster ON DELETE CASCADE,
  fingerprint VARCHAR(64)   NOT NULL,
  rule        VARCHAR(64)   NOT NULL,
  scope       VARCHAR(1024) NOT NULL,
  namespace   VARCHAR(1024) NOT NULL,
  severity    VARCHAR(16)   NOT NULL,
  message     VARCHAR       NOT NULL,
  evidence    VARCHAR       NOT NULL,
  fix         VARCHAR       NOT NULL,
  since       TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  exemption   VARCHAR,
  -- Severity while open, 0 when exempt: the order of lists.
  rank        INTEGER       NOT NULL,
  UNIQUE (cluster, fingerprint)
);
CREATE INDEX niro_finding_rank ON niro_finding (rank, since, seq);

CREATE TABLE niro_policy (
  cluster  VARCHAR(64) PRIMARY KEY REFERENCES niro_cluster ON DELETE CASCADE,
  settings VARCHAR     NOT NULL
);

-- Who did what; outlives the clusters that it tells of.
CREATE TABLE niro_audit (
  seq          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id           VARCHAR(64)   NOT NULL UNIQUE,
  organization VARCHAR(64)   NOT NULL,
  at           TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  actor        VARCHAR(300)  NOT NULL,
  role         VARCHAR(64)   NOT NULL,
  address      VARCHAR(64),
  action       VARCHAR(200)  NOT NULL,
  object       VARCHAR(1000) NOT NULL,
  -- NULL until it ended.
  outcome      VARCHAR(64)
);
CREATE INDEX niro_audit_organization ON niro_audit (organization, seq);
CREATE INDEX niro_audit_at ON niro_audit (at);

CREATE TABLE niro_deployment (
  id           VARCHAR(64)  PRIMARY KEY,
  cluster      VARCHAR(64)  NOT NULL REFERENCES niro_cluster ON DELETE CASCADE,
  name         VARCHAR(63)  NOT NULL,
  namespace    VARCHAR(63)  NOT NULL,
  created_by   VARCHAR(300) NOT NULL,
  created_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  revision     BIGINT       NOT NULL,
  options      VARCHAR      NOT NULL,
  deleted      BOOLEAN      NOT NULL,
  updated_at   TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  attempt      BIGINT       NOT NULL,
  status       VARCHAR(16)  NOT NULL,
  command      VARCHAR(64)  NOT NULL,
  reason       VARCHAR,
  last_sync_at TIMESTAMP(6) WITH TIME ZONE,
  drift_state  VARCHAR(16),
  drift_since  TIMESTAMP(6) WITH TIME ZONE,
  drift_at     TIMESTAMP(6) WITH TIME ZONE,
  drift_report VARCHAR,
  look_command VARCHAR(64),
  look_mark    VARCHAR,
  look_at      TIMESTAMP(6) WITH TIME ZONE,
  look_fruitless INTEGER,
  UNIQUE (cluster, name)
);

CREATE TABLE niro_apply (
  deployment   VARCHAR(64)  NOT NULL REFERENCES niro_deployment ON DELETE CASCADE,
  attempt      BIGINT       NOT NULL,
  revision     BIGINT       NOT NULL,
  command      VARCHAR(64)  NOT NULL UNIQUE,
  requested_by VARCHAR(300) NOT NULL,
  requested_at TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  status       VARCHAR(16)  NOT NULL,
  reason       VARCHAR,
  finished_at  TIMESTAMP(6) WITH TIME ZONE,
  report       VARCHAR,
  PRIMARY KEY (deployment, attempt)
);

-- Sealed, for manifests may have Secrets.
CREATE TABLE niro_manifest (
  deployment VARCHAR(64) NOT NULL REFERENCES niro_deployment ON DELETE CASCADE,
  revision   BIGINT      NOT NULL,
  manifests  VARCHAR     NOT NULL,
  PRIMARY KEY (deployment, revision)
);

-- The servers over this database and how they reach each other.
CREATE TABLE niro_relay (
  server  VARCHAR(64) PRIMARY KEY,
  url     VARCHAR(500),
  secret  VARCHAR(64) NOT NULL,
  ends_at TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- Which clusters a server wrote about, for the others to look at; kept for a minute. No reference to
-- niro_cluster: that one is gone is told so too.
CREATE TABLE niro_touch (
  seq     BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  cluster VARCHAR(64) NOT NULL,
  at      TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  made_by VARCHAR(64) NOT NULL
);
CREATE INDEX niro_touch_at ON niro_touch (at);

-- Who does what time brings about, and which servers are alive.
CREATE TABLE niro_lease (
  name            VARCHAR(64) PRIMARY KEY,
  owner           VARCHAR(64) NOT NULL,
  ends_at         TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  listening_since TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  flushed_up_to   TIMESTAMP(6) WITH TIME ZONE NOT NULL
);
