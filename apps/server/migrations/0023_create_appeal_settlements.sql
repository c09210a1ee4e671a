-- What confirmed appeals did to merchants' payments: each settles once, and the books are proven against these rows.
create table appeal_settlements (
  account_id text collate "C" not null,
  appeal_id text collate "C" not null,
  payment_id text collate "C" not null,
  attempt_number integer not null,
  -- won = the payment was settled by this appeal; corrected = it was settled before, and its amounts changed;
  -- unallocated = the money is nobody's sale
  kind text not null check (kind in ('won', 'corrected', 'unallocated')),
  -- what the payer has sent, in the payment's service currency
  amount_minor bigint not null check (amount_minor > 0),
  -- by how much amounts changed that were booked before, in the invoice's currency
  processed_change_minor bigint not null,
  fee_change_minor bigint not null,
  reserved_change_minor bigint not null,
  -- the reserve had been released: its change moved no reserved money
  reserve_released boolean not null,
  -- by how much unallocated receipts changed that were booked before, in the service currency
  unallocated_change_minor bigint not null,
  created_at timestamptz not null,
  primary key (account_id, appeal_id),
  check (kind = 'corrected' or (processed_change_minor, fee_change_minor, reserved_change_minor) = (0, 0, 0))
);
create index appeal_settlements_payment on appeal_settlements (account_id, payment_id);
