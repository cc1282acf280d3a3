//! A cluster that fails in every way it can, and what window, terminal and API say meanwhile.

mod choice;
mod leaderless;
mod nodes;
mod proxy;
mod screen;
