-- Set aside, not dropped: prices may have been edited since.
alter table products rename to products_set_aside;
