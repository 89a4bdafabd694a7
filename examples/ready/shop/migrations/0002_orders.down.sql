-- Set aside, not dropped: a way back that loses orders would be none.
alter table order_lines rename to order_lines_set_aside;
alter table orders rename to orders_set_aside;
