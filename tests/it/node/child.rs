//! A node in a process of its own: this test binary again, told by its environment what to serve.

use crate::run;
use hindsight::node::{Config, Node, Security, Storage, User};
use std::{
    env,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

pub fn spawn(file: &Path) -> Child {
    command(file).spawn().unwrap()
}

/// With users, of whom `admin:changeit` is the administrator.
pub fn spawn_guarded(file: &Path) -> Child {
    command(file).env("HINDSIGHT_SERVE_USERS", "admin").spawn().unwrap()
}

fn command(file: &Path) -> Command {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "node::child::serve"]).env("HINDSIGHT_SERVE", file);
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// `HINDSIGHT_SERVE=FILE it --ignored --exact node::child::serve` runs until it is killed.
#[test]
#[ignore = "a server, not a test"]
fn serve() {
    run(async {
        let Some(file) = env::var_os("HINDSIGHT_SERVE") else { return };
        let storage = Storage::File(PathBuf::from(file));
        let config = Config { storage, ..Config::default() };
        let named = env::var_os("HINDSIGHT_SERVE_USERS").map(|_| "admin".to_owned());
        let users = named.map(|name| User { name, password: "changeit".into(), admin: true });
        let security = Security { users: users.into_iter().collect(), ..Security::default() };
        let node = Node::start_secured(config, security).await.unwrap();
        tokio::signal::ctrl_c().await.unwrap();
        node.shutdown().await;
    });
}
