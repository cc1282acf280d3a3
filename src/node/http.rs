//! The pages beside gRPC: health, version, gossip, statistics.

use super::access::Caller;
use super::service::{Shared, VERSION, stats};
use http::{Method, Response, StatusCode, Uri};
use serde_json::{Value, json};
use tonic::body::{BoxBody, boxed};

pub fn answer(node: &Shared, caller: Caller, method: &Method, uri: &Uri) -> Response<BoxBody> {
    if method != Method::GET && method != Method::HEAD {
        return page(StatusCode::METHOD_NOT_ALLOWED, String::new());
    }
    let body = match uri.path() {
        "/health/live" => return page(live(uri), String::new()),
        "/ping" => json!({"text": "Ping request successfully handled", "label": "Http"}),
        "/info" => info(node),
        "/gossip" => gossip(node),
        path if path.starts_with("/stats") && caller == Caller::Anonymous => {
            return page(StatusCode::UNAUTHORIZED, String::new());
        }
        path if path == "/stats" || path.starts_with("/stats/") => {
            match nested(node).pointer(&path["/stats".len()..]) {
                Some(part) => part.clone(),
                None => return page(StatusCode::NOT_FOUND, String::new()),
            }
        }
        _ => return page(StatusCode::NOT_FOUND, String::new()),
    };
    let text = if method == Method::HEAD { String::new() } else { body.to_string() };
    page(StatusCode::OK, text)
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
    let wanted = uri.query().unwrap_or_default().split('&').find_map(|pair| pair.strip_prefix("liveCode="));
    wanted.and_then(|code| code.parse().ok()).unwrap_or(StatusCode::NO_CONTENT)
}

fn info(node: &Shared) -> Value {
    let kind = if node.users.guarded() { "internal" } else { "insecure" };
    json!({
        "esVersion": VERSION, "state": "leader",
        "features": {"projections": false, "userManagement": false, "atomPub": false},
        "authentication": {"type": kind, "properties": []},
    })
}

fn gossip(node: &Shared) -> Value {
    let (ip, port) = (node.address.ip().to_string(), node.address.port());
    let head = node.log.head().position;
    json!({
        "members": [{
            "instanceId": node.id, "timeStamp": jiff::Timestamp::now().to_string(), "state": "Leader", "isAlive": true,
            "internalTcpIp": ip, "internalTcpPort": 0, "internalSecureTcpPort": 0,
            "externalTcpIp": ip, "externalTcpPort": 0, "externalSecureTcpPort": 0,
            "internalHttpEndPointIp": ip, "internalHttpEndPointPort": port,
            "httpEndPointIp": ip, "httpEndPointPort": port,
            "lastCommitPosition": head, "writerCheckpoint": head, "chaserCheckpoint": head,
            "epochPosition": 0, "epochNumber": 0, "epochId": node.id, "nodePriority": 0,
            "isReadOnlyReplica": false, "esVersion": VERSION,
        }],
        "serverIp": ip, "serverPort": port,
    })
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
