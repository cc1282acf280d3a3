//! The sandbox alone, until it is told to stop.

use super::development::{self, Identity};
use super::listening::Listening;
use crate::cli::{self, Login, Serve};
use crate::node::{self, Config, Connections, Node, NodeError, Security, Storage, User};
use crate::record::json::one_line;
use crate::terminal::{Failure, print};
use std::{net::IpAddr, path::Path};

/// Serves until Ctrl-C, SIGTERM or the end of standard input; the first line on standard output is the connection string.
pub async fn serve(serve: Serve, verbose: bool, data_dir: &Path) -> Result<(), Failure> {
    let listening = Listening::on(&serve.listen).await?;
    let (security, identity) = security(&serve, data_dir, &listening)?;
    let protection = Protection::of(&serve);
    let file = serve.file.unwrap_or_else(|| data_dir.join("sandbox.db"));
    let storage = if serve.memory { Storage::Memory } else { Storage::File(file) };
    let resettable = serve.dev || serve.memory;
    let config =
        Config { listen: listening.first, storage, samples: serve.samples, resettable, history: None };
    let refused = verbose.then_some(tell as node::Tell);
    let connections = Connections { lazy_ack: serve.lazy_ack, faults: faults(&serve.faults), refused };
    let node = Node::start_with(config, security, connections).await.map_err(|error| not_started(&error))?;
    let host = listening.open(&node).await.map_err(|error| not_started(&error))?;
    let connection_string = match identity {
        Some(identity) => identity.into_connection_string(&host)?,
        None => format!("esdb://{host}?tls={}", protection.tls),
    };
    node.announce(&connection_string).map_err(|error| not_started(&error))?;
    for warning in protection.warnings(node.address().ip()) {
        super::complaint::complain(warning);
    }
    let shutdown_asked = node.shutdown_asked();
    // A closed pipe is no reason to stop serving.
    match print(&format!("{connection_string}\n")) {
        Ok(()) | Err(Failure::ClosedPipe) => {}
        Err(failure) => return Err(failure),
    }
    let stopped = tokio::select! {
        stopped = asked_to_stop() => stopped,
        () = input_ends(), if serve.exit_with_stdin => Ok(()),
        () = shutdown_asked => Ok(()),
    };
    node.shutdown().await;
    stopped.map_err(|error| Failure::Server(format!("Signals cannot be received: {error}. Start it again.")))
}

fn not_started(error: &NodeError) -> Failure {
    Failure::Server(format!("The sandbox does not start: {error}."))
}

/// Who may come in, and the files of `--dev`.
fn security(
    serve: &Serve,
    data_dir: &Path,
    listening: &Listening,
) -> Result<(Security, Option<Identity>), Failure> {
    if serve.dev {
        let identity = Identity::in_folder(&data_dir.join("development"), &listening.host())?;
        let tls = Some((identity.certificate.clone(), identity.key.clone()));
        return Ok((Security { tls, users: development::users() }, Some(identity)));
    }
    let users = serve.users.iter().map(user).collect::<Result<_, _>>()?;
    Ok((Security { tls: serve.tls_cert.clone().zip(serve.tls_key.clone()), users }, None))
}

/// What stands between this sandbox and others.
#[derive(Debug, Clone, Copy)]
struct Protection {
    dev: bool,
    users: bool,
    tls: bool,
}

impl Protection {
    fn of(serve: &Serve) -> Self {
        let Serve { dev, users, tls_cert, .. } = serve;
        Self { dev: *dev, users: *dev || !users.is_empty(), tls: *dev || tls_cert.is_some() }
    }

    fn warnings(self, at: IpAddr) -> impl Iterator<Item = &'static str> {
        [self.exposed(at), self.unsent()].into_iter().flatten()
    }

    /// Logins that do not arrive.
    fn unsent(self) -> Option<&'static str> {
        (self.users && !self.tls).then_some(
            "Warning: without TLS the Python and Node.js clients send no user or password, so they are refused. Add --tls-cert and --tls-key, or use --dev in place of --user.",
        )
    }

    /// What others in the network can do, where they can do anything.
    fn exposed(self, at: IpAddr) -> Option<&'static str> {
        if at.is_loopback() {
            return None;
        }
        Some(match (self.users, self.tls) {
            _ if self.dev => {
                "Warning: others in the network can reach this sandbox, and everybody knows the passwords of --dev. Listen on localhost to keep it to yourself."
            }
            (false, _) => {
                "Warning: others in the network can read and write this sandbox. Add --user, or listen on 127.0.0.1 to keep it to yourself."
            }
            (true, false) => {
                "Warning: passwords and events cross the network unencrypted. Add --tls-cert and --tls-key."
            }
            (true, true) => "Warning: others in the network can reach this sandbox and try to log in.",
        })
    }
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

/// A thread of its own, as nothing ends a read of standard input before its time.
async fn input_ends() {
    let (ended, end) = tokio::sync::oneshot::channel();
    std::thread::spawn(move || {
        let input = std::io::copy(&mut std::io::stdin().lock(), &mut std::io::sink());
        tracing::debug!(?input, "standard input has ended");
        if ended.send(()).is_err() {
            tracing::debug!("it ends for another reason already");
        }
    });
    drop(end.await);
}

#[cfg(test)]
mod tests {
    use super::Protection;
    use std::net::{Ipv4Addr, Ipv6Addr};

    #[test]
    fn who_listens_beyond_this_machine_is_warned() {
        let everywhere = Ipv4Addr::UNSPECIFIED.into();
        for (users, tls, says) in [
            (false, false, "Add --user"),
            (false, true, "Add --user"),
            (true, false, "Add --tls-cert"),
            (true, true, "try to log in"),
        ] {
            let protection = Protection { dev: false, users, tls };
            assert!(protection.exposed(everywhere).is_some_and(|warning| warning.contains(says)));
        }
        let dev = Protection { dev: true, users: true, tls: true };
        assert!(dev.exposed(everywhere).is_some_and(|warning| warning.contains("passwords of --dev")));
        let open = Protection { dev: false, users: false, tls: false };
        assert_eq!(open.exposed(Ipv4Addr::LOCALHOST.into()), None);
        assert_eq!(open.exposed(Ipv6Addr::LOCALHOST.into()), None);
    }
}
