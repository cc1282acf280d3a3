//! What is likely to help: a change is offered where a look says that it leads further.

use super::change::Change;
use crate::store::grpc::{Node, connect, resolve, scheme_meant};
use crate::store::{
    CertificateFault, CertificateName, ConnectionCause, ConnectionString, ConnectionStringFault, Denial,
    NamedBy, StoreError, TlsCause,
};
use futures::future::join_all;
use std::net::SocketAddr;

const DEFAULT_PORT: u16 = 2113;
/// Names of a certificate that are looked up.
const MOST_NAMES: usize = 8;
/// Whom every database knows from its beginning.
const ADMIN: &str = "admin";

/// Against a string that cannot be used.
pub fn for_string(given: &ConnectionString, error: &StoreError) -> Vec<Change> {
    let StoreError::ConnectionString(fault) = error else { return Vec::new() };
    let change = match fault {
        ConnectionStringFault::NoScheme => Some(Change::Scheme("esdb".to_owned())),
        ConnectionStringFault::UnknownScheme(scheme) => {
            scheme_meant(scheme).map(|meant| Change::Scheme(meant.to_owned()))
        }
        ConnectionStringFault::Misspelt { name, meant } => {
            Some(Change::RenameOption { from: name.clone(), to: (*meant).to_owned() })
        }
        ConnectionStringFault::BadValue { name, .. } => Some(Change::DropOption(name.clone())),
        ConnectionStringFault::Certificates(fault) => for_files(fault),
        _ => None,
    };
    change.filter(|change| change.apply(given).is_readable()).into_iter().collect()
}

fn for_files(fault: &CertificateFault) -> Option<Change> {
    match fault {
        CertificateFault::NoPath(name) | CertificateFault::Lone { given: name, .. } => {
            Some(Change::DropOption((*name).to_owned()))
        }
        CertificateFault::File { named_by: NamedBy::Option("tlsCaFile"), .. }
        | CertificateFault::Authorities { .. }
        | CertificateFault::AuthorityFolder { .. } => Some(Change::ChooseAuthority),
        CertificateFault::File { .. } | CertificateFault::OtherKey { .. } => None,
    }
}

/// Against TLS that does not come about.
pub async fn for_tls(node: Node<'_>, cause: &ConnectionCause) -> Vec<Change> {
    match cause {
        ConnectionCause::SpeaksPlain { .. } => vec![Change::UseTls(false)],
        ConnectionCause::OnlyTls { .. } => vec![Change::UseTls(true)],
        ConnectionCause::Tls { cause: TlsCause::WrongName { names, .. }, .. } => {
            names_of(node, names.as_deref().unwrap_or_default()).await
        }
        ConnectionCause::Tls { cause: TlsCause::UnknownIssuer { .. }, .. } => vec![Change::ChooseAuthority],
        ConnectionCause::Tls { .. } => Vec::new(),
        _ => for_port(node).await,
    }
}

/// Where the certificate is not looked at.
pub fn for_verification(doubt: Option<&TlsCause>) -> Vec<Change> {
    match doubt {
        None => vec![Change::DropOption("tlsVerifyCert".to_owned())],
        Some(TlsCause::UnknownIssuer { .. }) => vec![Change::ChooseAuthority],
        Some(_) => Vec::new(),
    }
}

/// The names of the certificate that lead to the same node.
async fn names_of(node: Node<'_>, names: &[CertificateName]) -> Vec<Change> {
    let hosts = names.iter().take(MOST_NAMES).map(|name| match name {
        CertificateName::Dns(name) => name.clone(),
        CertificateName::Ip(address) => address.to_string(),
    });
    let offered = hosts.map(|host| async move {
        let change = Change::ConnectAs { node: node.name.to_owned(), host };
        leads_to(node, &change).await.then_some(change)
    });
    join_all(offered).await.into_iter().flatten().collect()
}

async fn leads_to(node: Node<'_>, change: &Change) -> bool {
    let Some(name) = change.new_node() else { return false };
    let found = resolve(&name).await.unwrap_or_default();
    found.iter().any(|address| node.addresses.contains(address))
}

/// The usual port, where another one is named and that one answers as it should.
pub async fn for_port(node: Node<'_>) -> Vec<Change> {
    let at_default = |address: &SocketAddr| SocketAddr::new(address.ip(), DEFAULT_PORT);
    let addresses: Vec<_> = node.addresses.iter().map(at_default).collect();
    if addresses == node.addresses {
        return Vec::new();
    }
    let change = Change::Port { node: node.name.to_owned(), port: DEFAULT_PORT };
    let name = change.new_node().unwrap_or_default();
    let there = Node { name: &name, addresses: &addresses, ..node };
    let answers = connect(&name, &addresses).await.is_ok() && there.protocol().await.verdict().is_ok();
    if answers { vec![change] } else { Vec::new() }
}

/// Against a login that is refused.
pub fn for_login(error: &StoreError) -> Vec<Change> {
    let user = match error {
        StoreError::AccessDenied(Denial::Anonymous) => ADMIN.to_owned(),
        StoreError::AccessDenied(Denial::Login(user)) => user.clone(),
        _ => return Vec::new(),
    };
    vec![Change::AskPassword { user }]
}
