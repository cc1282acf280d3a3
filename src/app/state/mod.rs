//! The whole state, composed of its parts, and what concerns several of them at once.

mod absorb;
mod app;
mod ask;
mod compare;
mod connect;
mod connections;
mod database;
mod define;
mod doors;
mod ever;
mod file;
mod introduction;
mod lesson;
mod log_in;
mod look;
mod open;
mod past;
mod problems;
mod related;
mod show;
mod submit;
mod why_not;

pub use app::App;
