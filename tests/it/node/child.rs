//! A node in a process of its own: this test binary again, told by its environment what to serve.

use crate::run;
use hindsight::node::{Config, Node, Security, Storage, User};
use std::{
    env,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
};

/// Starts one; with a password it has an admin and access control.
pub fn spawn(file: &Path, admin: Option<&str>) -> Child {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--ignored", "--exact", "node::child::serve"]).env("HINDSIGHT_SERVE", file);
    command.envs(admin.map(|password| ("HINDSIGHT_ADMIN", password)));
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
}

/// `HINDSIGHT_SERVE=FILE [HINDSIGHT_LISTEN=ADDRESS] [HINDSIGHT_ADMIN=PASSWORD] it --ignored --exact node::child::serve` runs until it is killed.
#[test]
#[ignore = "a server, not a test"]
fn serve() {
    run(async {
        let Some(file) = env::var_os("HINDSIGHT_SERVE") else { return };
        let listen = env::var("HINDSIGHT_LISTEN").unwrap_or_else(|_| "127.0.0.1:0".into()).parse().unwrap();
        let admin = env::var("HINDSIGHT_ADMIN").ok().map(|password| User {
            name: "admin".into(),
            password,
            admin: true,
        });
        let security = Security { users: admin.into_iter().collect(), ..Security::default() };
        let node = Node::start_secured(
            Config { listen, storage: Storage::File(PathBuf::from(file)), samples: false },
            security,
        )
        .await
        .unwrap();
        tokio::signal::ctrl_c().await.unwrap();
        node.shutdown().await;
    });
}
