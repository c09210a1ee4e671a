-- People of providers who use the dashboard. The auth_ tables are those of the session library, with columns named as ours; it
-- changes sessions, we change people and passwords.
create table auth_user (
  id text collate "C" primary key,
  name text not null,
  -- lower case
  email text not null unique,
  email_verified boolean not null,
  image text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table auth_session (
  id text collate "C" primary key,
  expires_at timestamptz not null,
  -- worthless without the signature in the cookie
  token text collate "C" not null unique,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  ip_address text,
  user_agent text,
  user_id text collate "C" not null references auth_user (id) on delete cascade
);
create index auth_session_user on auth_session (user_id);

create table auth_account (
  id text collate "C" primary key,
  account_id text not null,
  -- 'credential' = e-mail and password
  kind text not null,
  user_id text collate "C" not null references auth_user (id) on delete cascade,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  -- scrypt with a salt of its own
  password text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (user_id, kind)
);

create table auth_verification (
  id text collate "C" primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index auth_verification_identifier on auth_verification (identifier);

-- Who may do what for which provider. Nobody is deleted: what people did refers to them.
create table provider_people (
  user_id text collate "C" primary key references auth_user (id),
  provider_id text collate "C" not null references providers (id),
  role text not null check (role in ('owner', 'trading', 'finance', 'viewer')),
  active boolean not null default true,
  added_by text not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index provider_people_provider on provider_people (provider_id);

-- Every change that was made through the dashboard, and every sign-in.
create table provider_audit (
  provider_id text collate "C" not null references providers (id),
  id bigint generated always as identity,
  at timestamptz not null,
  -- e-mail as it was then
  person text not null,
  action text not null,
  -- what it was done to, and how; no secrets
  detail json not null,
  ip text,
  primary key (provider_id, id)
);

-- What the operator tells whoever tops up: where to send the money.
alter table providers add column top_up_instructions text not null default '';
