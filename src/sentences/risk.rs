//! What is in force and not safe.

use crate::store::Risk;

pub fn risk(risk: Risk) -> &'static str {
    match risk {
        Risk::AnyCertificate => {
            "The server's certificate is not checked: whoever answers there is believed. Remove tlsVerifyCert=false, or name its authority with tlsCaFile=…."
        }
        Risk::PlainPassword => {
            "The password is sent as plain text: who listens on the way can read it. Remove tls=false."
        }
    }
}
