-- Which token made a token, so that it ends with its maker.
ALTER TABLE niro_app_token ADD COLUMN made_by_token VARCHAR(32);
CREATE INDEX niro_app_token_maker ON niro_app_token (made_by_token);
