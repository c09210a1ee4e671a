-- What all processes count together: tries to sign in, to guess a password, calls of the test console. A row is worth nothing once its
-- bucket is full again, nor after a crash, so nothing of it is logged ahead.
create unlogged table shared_limits (
  -- which limit, and a keyed hash of whom: what a stranger types is not kept
  key text collate "C" primary key,
  full_at timestamptz not null
);
create index shared_limits_full_at on shared_limits (full_at);
