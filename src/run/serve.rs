//! The sandbox alone, until it is told to stop.

use crate::cli::{self, Login, Serve};
use crate::node::{self, Config, Connections, Node, Security, Storage, User};
use crate::record::json::one_line;
use crate::terminal::{Failure, print};
use std::{net::IpAddr, path::PathBuf};

/// Serves until Ctrl-C or SIGTERM; the first line on standard output is the connection string.
pub async fn serve(serve: Serve, sandbox_file: PathBuf) -> Result<(), Failure> {
    let storage =
        if serve.memory { Storage::Memory } else { Storage::File(serve.file.unwrap_or(sandbox_file)) };
    let failed = |error| Failure::Server(format!("The sandbox does not start: {error}."));
    let users = serve.users.iter().map(user).collect::<Result<Vec<_>, _>>()?;
    let guarded = !users.is_empty();
    let security = Security { tls: serve.tls_cert.zip(serve.tls_key), users };
    let secured = security.tls.is_some();
    let config = Config { listen: serve.listen, storage, samples: serve.samples, ..Config::default() };
    let refused = serve.faults.verbose.then_some(tell as node::Tell);
    let connections = Connections { lazy_ack: serve.lazy_ack, faults: faults(&serve.faults), refused };
    let node = Node::start_with(config, security, connections).await.map_err(failed)?;
    if let Some(warning) = exposed(node.address().ip(), guarded, secured) {
        super::complain(warning);
    }
    // A closed pipe is no reason to stop serving.
    match print(&format!("{}\n", node.connection_string())) {
        Ok(()) | Err(Failure::ClosedPipe) => {}
        Err(failure) => return Err(failure),
    }
    let stopped = asked_to_stop().await;
    node.shutdown().await;
    stopped.map_err(|error| Failure::Server(format!("Signals cannot be received: {error}. Start it again.")))
}

/// What others in the network can do, where they can do anything.
fn exposed(at: IpAddr, guarded: bool, secured: bool) -> Option<&'static str> {
    if at.is_loopback() {
        return None;
    }
    Some(match (guarded, secured) {
        (false, _) => {
            "Warning: others in the network can read and write this sandbox. Add --user, or listen on 127.0.0.1 to keep it to yourself."
        }
        (true, false) => {
            "Warning: passwords and events cross the network unencrypted. Add --tls-cert and --tls-key."
        }
        (true, true) => "Warning: others in the network can reach this sandbox and try to log in.",
    })
}

fn faults(asked: &cli::Faults) -> node::Faults {
    node::Faults {
        fail_rate: asked.fail_rate,
        fail_seed: asked.fail_seed,
        latency: asked.latency,
        read_only: asked.read_only,
        max_append_size: asked.max_append_size,
    }
}

/// Longest text of a client on one line.
const SHOWN: usize = 200;

/// One line of a refused call.
fn tell(refused: &node::RefusedCall) {
    let short = |text: &str| one_line(text.as_bytes(), SHOWN);
    let stream = refused.stream.as_deref().map(|stream| format!(" of {}", short(stream))).unwrap_or_default();
    super::complain(&format!(
        "Refused: {}{stream}: status {}, {}",
        short(&refused.method),
        refused.status,
        short(&refused.message)
    ));
}

/// Reads the password; `admin` is the administrator, as `EventStoreDB` has it.
fn user(login: &Login) -> Result<User, Failure> {
    let file = login.password_file.display();
    let password = std::fs::read_to_string(&login.password_file).map_err(|error| {
        Failure::Usage(format!("The password file {file} cannot be read: {error}. Name another."))
    })?;
    let password = password.trim_end_matches(['\r', '\n']).to_owned();
    if password.is_empty() {
        return Err(Failure::Usage(format!(
            "The password file {file} is empty. Write the password into it."
        )));
    }
    let admin = login.name == "admin";
    Ok(User { name: login.name.clone(), password, admin })
}

#[cfg(unix)]
pub async fn asked_to_stop() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
pub async fn asked_to_stop() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}

#[cfg(test)]
mod tests {
    use super::exposed;
    use std::net::{Ipv4Addr, Ipv6Addr};

    #[test]
    fn who_listens_beyond_this_machine_is_warned() {
        let everywhere = Ipv4Addr::UNSPECIFIED.into();
        for (guarded, secured, says) in [
            (false, false, "Add --user"),
            (false, true, "Add --user"),
            (true, false, "Add --tls-cert"),
            (true, true, "try to log in"),
        ] {
            assert!(exposed(everywhere, guarded, secured).is_some_and(|warning| warning.contains(says)));
        }
        assert_eq!(exposed(Ipv4Addr::LOCALHOST.into(), false, false), None);
        assert_eq!(exposed(Ipv6Addr::LOCALHOST.into(), false, false), None);
    }
}
