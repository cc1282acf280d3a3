//! What the other side says first.

use crate::record::json::one_line;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::time::timeout;

/// How HTTP/2 begins, with empty settings; whoever speaks it answers with its own.
const GREETING: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
const PATIENCE: Duration = Duration::from_secs(1);
/// A frame's header; its fourth byte is its type.
const FRAME: usize = 9;
const SETTINGS: u8 = 4;
/// More of an answer than holds its status and the server's name.
const MOST: usize = 2 << 10;
const MOST_CHARS: usize = 60;

/// How a greeting is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opening {
    Http2,
    /// With the status and the server's name.
    Http1 {
        status: u16,
        server: Option<String>,
    },
    /// Neither.
    Unknown,
    /// The connection was closed without an answer.
    Closed,
    Silent,
}

/// Says how HTTP/2 begins, and hears how it is answered.
pub async fn greet(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<Opening> {
    converse(stream, GREETING).await
}

/// Asks for a page as HTTP/1.1.
pub async fn ask_http1(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    node: &str,
) -> io::Result<Opening> {
    let question = format!("GET / HTTP/1.1\r\nHost: {node}\r\nConnection: close\r\n\r\n");
    converse(stream, question.as_bytes()).await
}

async fn converse(
    stream: &mut (impl AsyncRead + AsyncWrite + Unpin),
    question: &[u8],
) -> io::Result<Opening> {
    let mut heard = Vec::new();
    let hearing = async {
        stream.write_all(question).await?;
        stream.flush().await?;
        while !is_enough(&heard) && stream.read_buf(&mut heard).await? > 0 {}
        Ok(())
    };
    match timeout(PATIENCE, hearing).await {
        Ok(Err(error)) if heard.is_empty() && !is_end(&error) => Err(error),
        Err(_) if heard.is_empty() => Ok(Opening::Silent),
        _ => Ok(opening(&heard)),
    }
}

/// Whether the other side only hung up.
fn is_end(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe | io::ErrorKind::UnexpectedEof
    )
}

fn is_enough(heard: &[u8]) -> bool {
    let http1 = heard.starts_with(b"HTTP/1.");
    let headers_end = || heard.windows(4).any(|window| window == b"\r\n\r\n");
    heard.len() >= MOST || (heard.len() >= FRAME && (!http1 || headers_end()))
}

fn opening(heard: &[u8]) -> Opening {
    if heard.is_empty() {
        return Opening::Closed;
    }
    if heard.len() >= FRAME && heard[3] == SETTINGS {
        return Opening::Http2;
    }
    let text = String::from_utf8_lossy(heard);
    let mut lines = text.lines();
    let status = lines.next().filter(|line| line.starts_with("HTTP/1."));
    let status = status.and_then(|line| line.split(' ').nth(1)?.parse().ok());
    let server = lines.take_while(|line| !line.is_empty()).find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("server").then(|| one_line(value.trim().as_bytes(), MOST_CHARS))
    });
    status.map_or(Opening::Unknown, |status| Opening::Http1 { status, server })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_told_by_its_first_bytes() {
        assert_eq!(opening(b"\0\0\x06\x04\0\0\0\0\0\0\x03\0\0\0\x64"), Opening::Http2);
        let said = b"HTTP/1.1 400 Bad Request\r\nServer: nginx/1.27\x1b[2J\r\n\r\nserver: no header";
        let server = Some("nginx/1.27\\u{1b}[2J".to_owned());
        assert_eq!(opening(said), Opening::Http1 { status: 400, server });
        assert_eq!(opening(b"HTTP/1.0 505 x\r\n\r\n"), Opening::Http1 { status: 505, server: None });
        for noise in [&b"SSH-2.0-OpenSSH_9.6\r\n"[..], b"HTTP/1.1 ??\r\n", b"\x15\x03\x01\0\x02\x02\x0a"] {
            assert_eq!(opening(noise), Opening::Unknown);
        }
    }
}
