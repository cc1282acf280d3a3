//! What the program tells of its doing: on standard error, and in a file for each day.

use std::io::IsTerminal;
use std::path::Path;
use tracing_appender::rolling::{RollingFileAppender, Rotation};
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

/// What the client library logs is told again, in our words, by the error that it returns.
const USUAL: &str = "warn,eventstore=off,hindsight::api=info";
const VERBOSE: &str = "warn,eventstore=off,hindsight=debug";
/// A line for each request would make a file without bound.
const FILE: &str = "warn,eventstore=off,hindsight=info,hindsight::api=warn";
/// What is on the wire holds passwords, so these stay silent whatever is asked for.
const QUIET: [&str; 6] =
    ["h2=warn", "hyper=warn", "hyper_util=warn", "reqwest=warn", "tower=warn", "tonic=warn"];
/// Days that are kept.
const DAYS: usize = 7;

/// `RUST_LOG` counts more than the usual level, and `verbose` more than that; without a folder no file is written.
pub fn start(verbose: bool, folder: Option<&Path>) {
    let level = if verbose {
        EnvFilter::new(VERBOSE)
    } else {
        EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(USUAL))
    };
    let ansi = std::io::stderr().is_terminal();
    let stderr = fmt::layer().with_writer(std::io::stderr).with_ansi(ansi).with_filter(without_wire(level));
    let file = folder.and_then(daily).map(|file| {
        fmt::layer().with_writer(file).with_ansi(false).with_filter(without_wire(EnvFilter::new(FILE)))
    });
    tracing_subscriber::registry().with(stderr).with(file).init();
}

fn without_wire(filter: EnvFilter) -> EnvFilter {
    QUIET.iter().filter_map(|quiet| quiet.parse().ok()).fold(filter, EnvFilter::add_directive)
}

/// A file that cannot be written ends nothing.
fn daily(folder: &Path) -> Option<RollingFileAppender> {
    let folder = folder.join("logs");
    // The library would complain that it finds none.
    std::fs::create_dir_all(&folder).ok()?;
    let builder = RollingFileAppender::builder().rotation(Rotation::DAILY).max_log_files(DAYS);
    builder.filename_prefix("hindsight").filename_suffix("log").build(folder).ok()
}
