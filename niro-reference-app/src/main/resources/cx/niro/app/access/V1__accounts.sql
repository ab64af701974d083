-- Users, sessions and API tokens of the reference app. Secrets are stored as hashes only.
CREATE TABLE niro_app_user (
  id            VARCHAR(64)  NOT NULL PRIMARY KEY,
  email         VARCHAR(254) NOT NULL,
  email_key     VARCHAR(254) NOT NULL,
  password_hash VARCHAR(200) NOT NULL,
  role          VARCHAR(16)  NOT NULL,
  created_at    BIGINT       NOT NULL,
  CONSTRAINT niro_app_user_email UNIQUE (email_key)
);

CREATE TABLE niro_app_session (
  token_hash CHAR(64)    NOT NULL PRIMARY KEY,
  user_id    VARCHAR(64) NOT NULL,
  created_at BIGINT      NOT NULL,
  expires_at BIGINT      NOT NULL,
  CONSTRAINT niro_app_session_user FOREIGN KEY (user_id) REFERENCES niro_app_user (id) ON DELETE CASCADE
);

CREATE INDEX niro_app_session_expires ON niro_app_session (expires_at);

CREATE TABLE niro_app_token (
  key_id     VARCHAR(32)  NOT NULL PRIMARY KEY,
  token_hash CHAR(64)     NOT NULL,
  name       VARCHAR(100) NOT NULL,
  role       VARCHAR(16)  NOT NULL,
  created_at BIGINT       NOT NULL,
  revoked_at BIGINT
);
