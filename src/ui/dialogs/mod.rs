//! What lies over the window until it is answered.

mod as_of;
mod categories;
mod chooser;
mod comparison;
mod confirm;
mod connect;
mod connect_form;
mod connection;
mod connection_menu;
mod connection_name;
mod connection_test;
mod database;
mod definitions;
mod ever;
mod fault;
mod hit_list;
mod journal;
mod keys;
mod lessons;
mod log_in;
mod moment_difference;
mod nodes;
mod open_dialog;
mod palette;
mod problems;
mod recent;
mod related;
mod table;
mod turns;

pub use open_dialog::Dialogs;
