alter table orders drop constraint orders_total_not_negative;
