//! The pages beside gRPC: health, version, gossip, statistics.

use super::access::Caller;
use super::log::outside;
use super::service::{Reached, Shared, VERSION, stats};
use super::users::{Account, Unauthenticated};
use http::{HeaderValue, Method, Response, StatusCode, Uri};
use serde_json::{Value, json};
use tonic::body::{BoxBody, boxed};

/// Headers by which a page of another origin may ask, as the real server allows it.
const CORS: [(&str, &str); 4] = [
    ("access-control-allow-origin", "*"),
    ("access-control-allow-methods", "GET, OPTIONS"),
    (
        "access-control-allow-headers",
        "Content-Type, X-Requested-With, X-Forwarded-Host, X-Forwarded-Prefix, X-PINGOTHER, Authorization, ES-LongPoll, \
         ES-ExpectedVersion, ES-EventId, ES-EventType, ES-RequireMaster, ES-RequireLeader, ES-HardDelete, \
         ES-ResolveLinkTos",
    ),
    ("access-control-expose-headers", "Location, ES-Position, ES-CurrentVersion"),
];

pub fn answer(
    node: &Shared,
    caller: Result<Caller, Unauthenticated>,
    at: &Reached,
    method: &Method,
    uri: &Uri,
) -> Response<BoxBody> {
    if uri.path() == "/health/live" {
        return match *method {
            Method::GET | Method::HEAD => empty(live(uri)),
            _ => empty(StatusCode::METHOD_NOT_ALLOWED),
        };
    }
    if !exists(node, uri.path()) {
        return empty(StatusCode::NOT_FOUND);
    }
    let mut response = match *method {
        Method::GET => get(node, caller, at, uri),
        Method::OPTIONS => empty(StatusCode::OK),
        _ => {
            let mut refused = empty(StatusCode::METHOD_NOT_ALLOWED);
            refused.headers_mut().insert("allow", HeaderValue::from_static("GET, HEAD, OPTIONS"));
            refused
        }
    };
    for (name, value) in CORS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether any method finds something there.
fn exists(node: &Shared, path: &str) -> bool {
    match path {
        "/" | "/web/index.html" | "/ping" | "/info" | "/info/options" | "/gossip" | "/stats"
        | "/subscriptions" => true,
        // An insecure node has no users.
        "/users" | "/users/$current" | "/users/%24current" => node.users.guarded(),
        path => path.starts_with("/stats/"),
    }
}

fn get(node: &Shared, caller: Result<Caller, Unauthenticated>, at: &Reached, uri: &Uri) -> Response<BoxBody> {
    let Ok(caller) = caller else { return empty(StatusCode::UNAUTHORIZED) };
    match uri.path() {
        "/" => moved(node, at),
        "/web/index.html" => {
            let html = "<!DOCTYPE html><title>Hindsight sandbox</title><p>A sandbox of Hindsight, without pages of its own.";
            filled(StatusCode::OK, "text/html; charset=utf-8", html.to_owned())
        }
        _ => match body(node, &caller, at, uri) {
            Ok(body) => filled(StatusCode::OK, "application/json; charset=utf-8", format!("{body:#}")),
            Err(status) => empty(status),
        },
    }
}

fn body(node: &Shared, caller: &Caller, at: &Reached, uri: &Uri) -> Result<Value, StatusCode> {
    match uri.path() {
        "/ping" => return Ok(json!({"text": "Ping request successfully handled", "label": "Http"})),
        "/info" => return Ok(info(node)),
        "/gossip" => return Ok(gossip(node, at)),
        _ if *caller == Caller::Anonymous => return Err(StatusCode::UNAUTHORIZED),
        _ => {}
    }
    match (uri.path(), caller) {
        ("/info/options", caller) if caller.is_admin() => Ok(options(node)),
        ("/info/options", _) => Err(StatusCode::UNAUTHORIZED),
        ("/subscriptions", _) => Ok(json!([])),
        (path, Caller::Member(member)) if path.starts_with("/users") => users(node, &member.name, path),
        (path, _) => {
            let flat = query(uri, "group") == Some("false");
            let tree = if flat { json!(stats(node)) } else { nested(node) };
            let part = path.strip_prefix("/stats").and_then(|part| tree.pointer(part));
            part.cloned().ok_or(StatusCode::NOT_FOUND)
        }
    }
}

/// To the page that a real server has there.
fn moved(node: &Shared, at: &Reached) -> Response<BoxBody> {
    let scheme = if node.tls { "https" } else { "http" };
    let mut response = filled(StatusCode::FOUND, "text/plain; charset=utf-8", "Moved".to_owned());
    let host = if at.host.contains(':') { format!("[{}]", at.host) } else { at.host.clone() };
    let to = format!("{scheme}://{host}:{}/web/index.html", at.port);
    if let Ok(to) = HeaderValue::from_str(&to) {
        response.headers_mut().insert("location", to);
    }
    response
}

/// All users, or whoever logged in.
fn users(node: &Shared, caller: &str, path: &str) -> Result<Value, StatusCode> {
    let failed = |error| {
        tracing::error!(%error, "the users could not be read");
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let data = if path == "/users" {
        node.users.accounts().map_err(failed)?.iter().map(user).collect()
    } else {
        let account = node.users.account(caller).map_err(failed)?;
        // Disabled or deleted since the credentials were looked at.
        account.map(|account| user(&account)).ok_or(StatusCode::UNAUTHORIZED)?
    };
    Ok(json!({"data": data, "success": true, "error": "Success"}))
}

fn user(account: &Account) -> Value {
    let updated = jiff::Timestamp::from_nanosecond(i128::from(account.updated) * 100).unwrap_or_default();
    json!({
        "loginName": account.login_name, "fullName": account.full_name, "groups": account.groups,
        "dateLastUpdated": updated.to_string(), "disabled": account.disabled, "links": [],
    })
}

pub fn empty(status: StatusCode) -> Response<BoxBody> {
    let mut response = Response::new(boxed(String::new()));
    *response.status_mut() = status;
    response
}

fn filled(status: StatusCode, kind: &'static str, body: String) -> Response<BoxBody> {
    let mut response = Response::new(boxed(body));
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", HeaderValue::from_static(kind));
    response
}

/// 204, or the code that `?liveCode=` asks for.
fn live(uri: &Uri) -> StatusCode {
    query(uri, "liveCode").and_then(|code| code.parse().ok()).unwrap_or(StatusCode::NO_CONTENT)
}

fn query<'u>(uri: &'u Uri, key: &str) -> Option<&'u str> {
    let pairs = uri.query().unwrap_or_default().split('&');
    pairs.filter_map(|pair| pair.split_once('=')).find(|(k, _)| *k == key).map(|(_, value)| value)
}

/// How the node was started, under the real server's names.
fn options(node: &Shared) -> Value {
    let option = |name: &str, description: &str, value: String| json!({"name": name, "description": description, "group": "Hindsight sandbox", "value": value, "possibleValues": []});
    json!([
        option("NodeIp", "The address that is listened on", node.address.ip().to_string()),
        option("NodePort", "The port of gRPC and HTTP", node.address.port().to_string()),
        option("Db", "The file that keeps the events", node.shown.display().to_string()),
        option(
            "Insecure",
            "Whether everybody may do everything, without TLS",
            (!node.users.guarded() && !node.tls).to_string()
        ),
        option("EnableTls", "Whether the port speaks TLS", node.tls.to_string()),
        option("EnableAuthentication", "Whether users must log in", node.users.guarded().to_string()),
        option("MaxAppendSize", "Bytes that one append may have", node.max_append.to_string()),
    ])
}

fn info(node: &Shared) -> Value {
    let kind = if node.users.guarded() { "internal" } else { "insecure" };
    json!({
        "esVersion": VERSION, "state": node.cluster.role(node.address).name().to_lowercase(),
        "features": {"projections": true, "userManagement": node.users.guarded(), "atomPub": false},
        "authentication": {"type": kind, "properties": []},
    })
}

fn gossip(node: &Shared, at: &Reached) -> Value {
    let members = node.cluster.gossip(node.address).into_iter().map(|told| {
        let (ip, port) = (&at.host, at.port_of(&told.member, node.address));
        let (head, id) = (outside(told.head), told.member.id);
        json!({
            "instanceId": id, "timeStamp": jiff::Timestamp::now().to_string(), "state": told.role.name(),
            "isAlive": told.is_alive,
            "internalTcpIp": ip, "internalTcpPort": 0, "internalSecureTcpPort": 0,
            "externalTcpIp": ip, "externalTcpPort": 0, "externalSecureTcpPort": 0,
            "internalHttpEndPointIp": ip, "internalHttpEndPointPort": port,
            "httpEndPointIp": ip, "httpEndPointPort": port,
            "lastCommitPosition": head, "writerCheckpoint": head, "chaserCheckpoint": head,
            "epochPosition": 0, "epochNumber": told.epoch, "epochId": id, "nodePriority": 0,
            "isReadOnlyReplica": told.member.read_only_replica, "esVersion": VERSION,
        })
    });
    let members: Vec<Value> = members.collect();
    json!({"members": members, "serverIp": at.host, "serverPort": at.port})
}

/// The flat names as a tree.
fn nested(node: &Shared) -> Value {
    let mut tree = json!({});
    for (name, value) in stats(node) {
        let value = value.parse::<u64>().map_or(Value::String(value), Value::from);
        let path: Vec<&str> = name.split('-').collect();
        let mut place = &mut tree;
        for part in path {
            place = &mut place[part];
        }
        *place = value;
    }
    tree
}
