-- The books. A transfer moves an amount from a debit account to a credit account of one merchant account, mode and currency.
-- kind: posted = at once; pending = a hold; post and void end the hold named by pending_id.
create table ledger_transfers (
  account_id text collate "C" not null,
  id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  debit text collate "C" not null,
  credit text collate "C" not null,
  amount_minor bigint not null check (amount_minor > 0),
  kind text not null check (kind in ('posted', 'pending', 'post', 'void')),
  pending_id text collate "C",
  -- the business event: code + reference name it once
  code text not null,
  reference text collate "C" not null,
  subject_id text collate "C" not null,
  created_at timestamptz not null,
  primary key (account_id, id),
  constraint ledger_transfers_once unique (account_id, reference, code),
  check (debit <> credit),
  check ((kind in ('post', 'void')) = (pending_id is not null))
);
create unique index ledger_transfers_hold_ended_once on ledger_transfers (account_id, pending_id) where pending_id is not null;

create function refuse_ledger_change() returns trigger language plpgsql as $$
begin
  raise exception 'ledger transfers are never changed or deleted' using errcode = 'integrity_constraint_violation';
end $$;
create trigger ledger_transfers_no_change before update or delete on ledger_transfers
  for each row execute function refuse_ledger_change();
create trigger ledger_transfers_no_truncate before truncate on ledger_transfers
  for each statement execute function refuse_ledger_change();

-- Transfers not yet folded into ledger_balances. Appending needs no common row, so a busy merchant's credits do not queue.
create table ledger_unfolded (
  account_id text collate "C" not null,
  transfer_id text collate "C" not null,
  primary key (account_id, transfer_id)
);

create table ledger_balances (
  account_id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  purpose text collate "C" not null,
  debits_posted_minor numeric(38, 0) not null default 0,
  credits_posted_minor numeric(38, 0) not null default 0,
  debits_pending_minor numeric(38, 0) not null default 0,
  credits_pending_minor numeric(38, 0) not null default 0,
  updated_at timestamptz not null default now(),
  primary key (account_id, test_mode, currency, purpose)
);
