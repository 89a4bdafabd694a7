-- NOT VALID first: the new rule holds for new rows at once, and checking the
-- old ones afterwards needs no lock that stops writers.
alter table orders add constraint orders_total_not_negative check (total_cents >= 0) not valid;
alter table orders validate constraint orders_total_not_negative;
