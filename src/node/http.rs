//! The pages beside gRPC: health, version, gossip, statistics.

use super::access::Caller;
use super::log::outside;
use super::service::{Reached, Shared, VERSION, stats, status::MAX_APPEND};
use super::users::{Account, Unauthenticated};
use http::{Method, Response, StatusCode, Uri};
use serde_json::{Value, json};
use tonic::body::{BoxBody, boxed};

pub fn answer(
    node: &Shared,
    caller: Result<Caller, Unauthenticated>,
    at: &Reached,
    method: &Method,
    uri: &Uri,
) -> Response<BoxBody> {
    if method != Method::GET && method != Method::HEAD {
        return page(StatusCode::METHOD_NOT_ALLOWED, String::new());
    }
    if uri.path() == "/health/live" {
        return page(live(uri), String::new());
    }
    // An insecure node has no users, so these paths are unknown there.
    if let Some(path) = uri.path().strip_prefix("/users").filter(|_| node.users.guarded()) {
        let Ok(Caller::Member(member)) = caller else { return page(StatusCode::UNAUTHORIZED, String::new()) };
        return match users(node, &member.name, path) {
            Ok(told) => page(StatusCode::OK, told.to_string()),
            Err(status) => page(status, String::new()),
        };
    }
    let Ok(caller) = caller else { return page(StatusCode::UNAUTHORIZED, String::new()) };
    match body(node, &caller, at, uri) {
        Ok(_) if method == Method::HEAD => page(StatusCode::OK, String::new()),
        Ok(body) => page(StatusCode::OK, body.to_string()),
        Err(status) => page(status, String::new()),
    }
}

fn body(node: &Shared, caller: &Caller, at: &Reached, uri: &Uri) -> Result<Value, StatusCode> {
    let known = *caller != Caller::Anonymous;
    match uri.path() {
        "/ping" => Ok(json!({"text": "Ping request successfully handled", "label": "Http"})),
        "/info" => Ok(info(node)),
        "/info/options" if caller.is_admin() => Ok(options(node)),
        "/gossip" => Ok(gossip(node, at)),
        path if known && (path == "/stats" || path.starts_with("/stats/")) => {
            let flat = query(uri, "group") == Some("false");
            let tree = if flat { json!(stats(node)) } else { nested(node) };
            tree.pointer(&path["/stats".len()..]).cloned().ok_or(StatusCode::NOT_FOUND)
        }
        path if path == "/info/options" || path.starts_with("/stats") => Err(StatusCode::UNAUTHORIZED),
        _ => Err(StatusCode::NOT_FOUND),
    }
}

/// All users, or whoever logged in.
fn users(node: &Shared, caller: &str, path: &str) -> Result<Value, StatusCode> {
    let failed = |error| {
        tracing::error!(%error, "the users could not be read");
        StatusCode::INTERNAL_SERVER_ERROR
    };
    let data = match path {
        "" => node.users.accounts().map_err(failed)?.iter().map(user).collect(),
        "/$current" | "/%24current" => {
            let account = node.users.account(caller).map_err(failed)?;
            // Disabled or deleted since the credentials were looked at.
            account.map(|(_, account)| user(&account)).ok_or(StatusCode::UNAUTHORIZED)?
        }
        _ => return Err(StatusCode::NOT_FOUND),
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

fn page(status: StatusCode, body: String) -> Response<BoxBody> {
    let json = (!body.is_empty()).then_some("application/json; charset=utf-8");
    let mut response = Response::new(boxed(body));
    *response.status_mut() = status;
    if let Some(kind) = json {
        response.headers_mut().insert("content-type", http::HeaderValue::from_static(kind));
    }
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
        option("MaxAppendSize", "Bytes that one append may have", MAX_APPEND.to_string()),
    ])
}

fn info(node: &Shared) -> Value {
    let kind = if node.users.guarded() { "internal" } else { "insecure" };
    json!({
        "esVersion": VERSION, "state": node.cluster.role(node.address).name().to_lowercase(),
        "features": {"projections": false, "userManagement": node.users.guarded(), "atomPub": false},
        "authentication": {"type": kind, "properties": []},
    })
}

fn gossip(node: &Shared, at: &Reached) -> Value {
    let head = outside(node.log.head().position);
    let members = node.cluster.members().into_iter().map(|(member, role)| {
        let (ip, port) = (&at.host, at.port_of(&member, node.address));
        json!({
            "instanceId": member.id, "timeStamp": jiff::Timestamp::now().to_string(), "state": role.name(),
            "isAlive": true,
            "internalTcpIp": ip, "internalTcpPort": 0, "internalSecureTcpPort": 0,
            "externalTcpIp": ip, "externalTcpPort": 0, "externalSecureTcpPort": 0,
            "internalHttpEndPointIp": ip, "internalHttpEndPointPort": port,
            "httpEndPointIp": ip, "httpEndPointPort": port,
            "lastCommitPosition": head, "writerCheckpoint": head, "chaserCheckpoint": head,
            "epochPosition": 0, "epochNumber": 0, "epochId": member.id, "nodePriority": 0,
            "isReadOnlyReplica": false, "esVersion": VERSION,
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
