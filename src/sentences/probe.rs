//! What a connection test found.

use crate::store::Probed;

pub fn probed(found: &Probed) -> String {
    match found {
        Probed::Reads { server, address, round_trip } => {
            let millis = round_trip.as_secs_f64() * 1000.0;
            format!("Server {server} answers at {address}, round trip {millis:.1} ms.")
        }
        Probed::MayNotRead { server, address, user } => format!(
            "Server {server} answers at {address} and knows the user {user:?}, who may not read $all."
        ),
    }
}
