//! The program: arguments in, exit code out.

fn main() -> std::process::ExitCode {
    let started = std::time::Instant::now();
    hindsight::run::run(hindsight::cli::parse(), started)
}
