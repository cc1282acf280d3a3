//! The orders over HTTP, until the program is told to stop.

use crate::api::{self, Api, HostName};
use crate::cli;
use crate::sentences::store_error;
use crate::store::StoreError;
use crate::terminal::{Failure, print};

/// Serves until Ctrl-C or SIGTERM; the first line on standard output is the address.
pub async fn serve(options: &cli::Api, api: Api) -> Result<(), Failure> {
    let hosts: Result<Vec<HostName>, String> = options.hosts.iter().map(|host| host.parse()).collect();
    let hosts = hosts.map_err(|error| Failure::Usage(format!("--host: {error}.")))?;
    let listen = options.listen;
    let listener = tokio::net::TcpListener::bind(listen).await.map_err(|error| {
        Failure::Usage(format!("{listen} cannot be listened on: {error}. Name another with --listen."))
    })?;
    let address = listener.local_addr().map_err(|error| Failure::Server(format!("No address: {error}.")))?;
    let api = api.on_production(options.production).answering_to(hosts);
    match api.connect().await {
        Err(error @ StoreError::ConnectionString(_)) => return Err(error.into()),
        Err(error) => {
            let why = store_error(&error);
            super::complaint::complain(&format!("{why} Until then, requests are answered with 503."));
        }
        Ok(()) => {}
    }
    if !address.ip().is_loopback() {
        super::complaint::complain(
            "Warning: others in the network can create and pay orders here. Listen on 127.0.0.1 to keep it to yourself.",
        );
    }
    // A closed pipe is no reason to stop serving.
    match print(&format!("http://{address}\n")) {
        Ok(()) | Err(Failure::ClosedPipe) => {}
        Err(failure) => return Err(failure),
    }
    let stop = async {
        if let Err(error) = super::serve::asked_to_stop().await {
            tracing::warn!(%error, "signals cannot be received");
        }
    };
    api::serve(listener, api, stop)
        .await
        .map_err(|error| Failure::Server(format!("Serving ended: {error}. Start it again.")))
}
