//! The program: arguments in, exit code out.

/// Small pieces come and go by the million, on many threads.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    let started = std::time::Instant::now();
    hindsight::run::run(hindsight::cli::parse(), started)
}
