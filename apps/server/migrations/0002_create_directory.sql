-- The directory: currencies, methods and services everybody shares; and which services an account has, at what price.
create table currencies (
  code text primary key,
  name text not null,
  exponent smallint not null check (exponent between 0 and 12),
  kind text not null default 'fiat' check (kind in ('fiat', 'crypto', 'virtual'))
);

create table payment_methods (
  code text primary key,
  category text not null,
  description text not null default '',
  name json not null,
  logo text not null,
  icon text not null
);

create table payment_services (
  code text primary key,
  method text not null references payment_methods (code),
  flow text not null check (flow in ('hpp', 'invoice', 'test')),
  currency text not null references currencies (code),
  fields json not null default '[]',
  amount_min_minor bigint not null,
  amount_max_minor bigint not null
);

create table payout_methods (
  code text primary key,
  category text not null,
  description text not null default '',
  name json not null,
  logo text not null,
  icon text not null
);

create table payout_services (
  code text primary key,
  method text not null references payout_methods (code),
  currency text not null references currencies (code),
  fields json not null default '[]',
  amount_min_minor bigint not null,
  amount_max_minor bigint not null
);

create table account_payment_services (
  account_id text collate "C" not null references accounts (id),
  id text collate "C" not null,
  service text not null references payment_services (code),
  test_mode boolean not null,
  active boolean not null default true,
  enabled boolean not null default true,
  -- null = the limits of the directory, in minor units of the service's currency
  amount_min_minor bigint,
  amount_max_minor bigint,
  -- percent; the other fees in minor units of the account's base currency
  fee_rate numeric(12, 6) not null default 0 check (fee_rate >= 0 and fee_rate < 100),
  fee_fix_minor bigint not null default 0,
  fee_min_minor bigint not null default 0,
  fee_max_minor bigint not null default 0,
  reserve_rate numeric(12, 6) default 0,
  reserve_lifetime_minutes integer default 0,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, service, test_mode)
);

-- Units of to_currency for one unit of from_currency, as this account gets them.
create table exchange_rates (
  account_id text collate "C" not null references accounts (id),
  from_currency text not null references currencies (code),
  to_currency text not null references currencies (code),
  rate numeric(30, 12) not null check (rate > 0),
  primary key (account_id, from_currency, to_currency)
);
