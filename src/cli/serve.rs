//! What `serve` is told.

use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::str::FromStr;

#[derive(Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
pub struct Serve {
    /// Host and port to listen on, like localhost:2113; port 0 takes any free one
    #[arg(long, default_value = "127.0.0.1:2113", value_name = "HOST:PORT")]
    pub listen: Listen,
    /// File that keeps the events; the sandbox's own without it
    #[arg(long, conflicts_with = "memory")]
    pub file: Option<PathBuf>,
    /// Keep nothing
    #[arg(long)]
    pub memory: bool,
    /// Fill a new file with sample orders
    #[arg(long)]
    pub samples: bool,
    /// For development: TLS by a certificate of our own for this machine, and the users admin and ops with the
    /// password changeit
    #[arg(long, conflicts_with_all = ["tls_cert", "tls_key", "users"])]
    pub dev: bool,
    /// Certificate chain (PEM): serve with TLS
    #[arg(long, value_name = "FILE", requires = "tls_key")]
    pub tls_cert: Option<PathBuf>,
    /// Key of the certificate (PEM)
    #[arg(long, value_name = "FILE", requires = "tls_cert")]
    pub tls_key: Option<PathBuf>,
    /// Someone who may log in, with a file that holds the password; `admin` is the administrator
    #[arg(long = "user", value_name = "NAME:PASSWORD_FILE", value_parser = login)]
    pub users: Vec<Login>,
    /// Acknowledge packets late, as a real server does: clients that leave Nagle on wait about 40 ms a call
    #[arg(long)]
    pub lazy_ack: bool,
    /// End when standard input is closed, so with the program that started it
    #[arg(long)]
    pub exit_with_stdin: bool,
    #[command(flatten)]
    pub faults: Faults,
}

/// What the clients of `serve` are to suffer, to test how they take it.
#[derive(Debug, Args)]
pub struct Faults {
    /// Refuse appends above this size, as a real server does above 1048576
    #[arg(long, value_name = "BYTES", value_parser = append_size)]
    pub max_append_size: Option<usize>,
    /// Refuse writes, as a read-only replica does that knows no leader
    #[arg(long)]
    pub read_only: bool,
    /// Answer this share of the calls with UNAVAILABLE, 0 to 1: half of them are done all the same. Each append of a
    /// `BatchAppend` counts. Gossip and `ServerFeatures` never fail, so that clients can connect
    #[arg(long, value_name = "FRACTION", default_value = "0", hide_default_value = true, value_parser = share)]
    pub fail_rate: f64,
    /// Which calls fail: the same seed and the same calls give the same failures
    #[arg(long, value_name = "NUMBER", default_value = "0", hide_default_value = true)]
    pub fail_seed: u64,
    /// Let each answer wait this many milliseconds, other than Gossip and `ServerFeatures`
    #[arg(long, value_name = "MS", default_value = "0", hide_default_value = true, value_parser = milliseconds)]
    pub latency: std::time::Duration,
}

fn append_size(text: &str) -> Result<usize, String> {
    let bytes = text.parse().ok().filter(|bytes| (1..=16 << 20).contains(bytes));
    bytes.ok_or_else(|| "write a number of bytes from 1 to 16777216, like 1048576".to_owned())
}

fn share(text: &str) -> Result<f64, String> {
    let share = text.parse().ok().filter(|share| (0.0..=1.0).contains(share));
    share.ok_or_else(|| "write a fraction from 0 to 1, like 0.1".to_owned())
}

fn milliseconds(text: &str) -> Result<std::time::Duration, String> {
    let time = text.parse().ok().filter(|time| *time <= 3_600_000).map(std::time::Duration::from_millis);
    time.ok_or_else(|| "write whole milliseconds up to 3600000, like 250".to_owned())
}

/// Where to listen, as typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listen {
    /// A name, or an address without brackets.
    pub host: String,
    pub port: u16,
}

impl FromStr for Listen {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong =
            "write it as HOST:PORT, like localhost:2113, [::1]:2113, or localhost:0 for any free port";
        if let Ok(address) = text.parse::<SocketAddr>() {
            return Ok(Self { host: address.ip().to_string(), port: address.port() });
        }
        let (host, port) = text.rsplit_once(':').ok_or(wrong)?;
        let named = host.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'));
        let port = port.parse().map_err(|_| wrong)?;
        if host.is_empty() || !named { Err(wrong) } else { Ok(Self { host: host.to_owned(), port }) }
    }
}

/// A user and where the password is kept, so that it is in no list of processes.
#[derive(Debug, Clone)]
pub struct Login {
    pub name: String,
    pub password_file: PathBuf,
}

fn login(text: &str) -> Result<Login, String> {
    match text.split_once(':') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => {
            Ok(Login { name: name.to_owned(), password_file: file.into() })
        }
        _ => Err("write it as NAME:PASSWORD_FILE, like admin:./password.txt".to_owned()),
    }
}
