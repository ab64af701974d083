-- Who made a token, how long it lives and when it was last used; links that let a user choose a password.
ALTER TABLE niro_app_token ADD COLUMN made_by VARCHAR(254) DEFAULT 'the server' NOT NULL;
ALTER TABLE niro_app_token ADD COLUMN user_id VARCHAR(64);
ALTER TABLE niro_app_token ADD COLUMN last_used_at BIGINT;
ALTER TABLE niro_app_token ADD COLUMN expires_at BIGINT;

CREATE TABLE niro_app_invitation (
  code_hash  CHAR(64)    NOT NULL PRIMARY KEY,
  user_id    VARCHAR(64) NOT NULL,
  expires_at BIGINT      NOT NULL,
  CONSTRAINT niro_app_invitation_one_each UNIQUE (user_id),
  CONSTRAINT niro_app_invitation_user FOREIGN KEY (user_id) REFERENCES niro_app_user (id) ON DELETE CASCADE
);
