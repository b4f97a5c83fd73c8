//! A content service that fails on purpose: it cuts a request after some bytes, forgets answers, changes its mind.

use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// What the server has and what it is to do wrong.
#[derive(Default)]
pub(super) struct Book {
    /// Bytes of each upload that is open or was.
    pub(super) uploads: BTreeMap<String, Upload>,
    /// Uploads dropped on request.
    pub(super) dropped: Vec<String>,
    /// The content that downloads get, and its digest.
    pub(super) content: (Vec<u8>, String),
    /// Cut the next transfer of bytes after this many.
    pub(super) cut_after: Option<usize>,
    /// Refuse everything with this answer.
    pub(super) refuse: Option<(u16, &'static str)>,
    /// `Range` headers seen, an empty text for a request without.
    pub(super) ranges: Vec<String>,
    /// Names of folders made, with their parents.
    pub(super) folders: Vec<(String, String)>,
    /// What the server has already, for who proves to hold it.
    pub(super) known: Option<Vec<u8>>,
    /// Bytes received in all, over all requests.
    pub(super) received: usize,
    /// Requests about uploads.
    pub(super) asked: usize,
    /// Do not answer the next creation of an upload.
    pub(super) lose_answer: bool,
}

/// One upload.
#[derive(Clone, Default)]
pub(super) struct Upload {
    pub(super) length: usize,
    pub(super) bytes: Vec<u8>,
    pub(super) metadata: String,
    pub(super) entry: String,
}

/// The server.
#[derive(Clone)]
pub(super) struct Server {
    book: Arc<Mutex<Book>>,
    pub(super) url: String,
}

struct Asked {
    method: String,
    path: String,
    headers: BTreeMap<String, String>,
}

impl Server {
    pub(super) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = Self { book: Arc::default(), url };
        let me = server.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let me = me.clone();
                tokio::spawn(async move { me.serve(stream).await });
            }
        });
        server
    }

    pub(super) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// One connection; ends with it.
    async fn serve(&self, stream: TcpStream) -> Option<()> {
        let mut stream = BufReader::new(stream);
        loop {
            let asked = read_head(&mut stream).await?;
            let length =
                asked.headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0usize);
            let answer = if asked.method == "PATCH" {
                self.patch(&mut stream, &asked, length).await?
            } else {
                let mut body = vec![0; length];
                stream.read_exact(&mut body).await.ok()?;
                self.answer(&asked, &body)
            };
            if asked.path.starts_with("/v1/uploads") {
                self.book().asked += 1;
            }
            if asked.method == "POST"
                && asked.path == "/v1/uploads"
                && std::mem::take(&mut self.book().lose_answer)
            {
                return None;
            }
            let cut = if asked.method == "GET" {
                self.book().cut_after.take_if(|_| !answer.2.is_empty())
            } else {
                None
            };
            let (status, headers, body) = answer;
            let head = format!("HTTP/1.1 {status} X\r\n{headers}content-length: {}\r\n\r\n", body.len());
            stream.write_all(head.as_bytes()).await.ok()?;
            if let Some(after) = cut {
                stream.write_all(&body[..after]).await.ok()?;
                stream.flush().await.ok()?;
                return None;
            }
            if asked.method != "HEAD" {
                stream.write_all(&body).await.ok()?;
            }
        }
    }

    async fn patch(&self, stream: &mut BufReader<TcpStream>, asked: &Asked, length: usize) -> Option<Answer> {
        let id = asked.path.rsplit('/').next().unwrap().to_owned();
        let cut = self.book().cut_after.take();
        let mut body = vec![0; cut.unwrap_or(length).min(length)];
        stream.read_exact(&mut body).await.ok()?;
        let mut book = self.book();
        book.received += body.len();
        let Some(upload) = book.uploads.get_mut(&id) else { return Some(refusal(410, "gone")) };
        if asked.headers.get("upload-offset").and_then(|at| at.parse().ok()) != Some(upload.bytes.len()) {
            return Some(refusal(409, "offset_mismatch"));
        }
        upload.bytes.extend_from_slice(&body);
        if cut.is_some() { None } else { Some(standing(204, upload)) }
    }

    fn answer(&self, asked: &Asked, body: &[u8]) -> Answer {
        let mut book = self.book();
        if asked.path == "/v1/tokens" {
            let token = json!({"token": "t", "expires_in_s": 300});
            return (200, "content-type: application/json\r\n".into(), token.to_string().into_bytes());
        }
        if let Some((status, code)) = book.refuse {
            return refusal(status, code);
        }
        let last = asked.path.rsplit('/').next().unwrap().to_owned();
        match (asked.method.as_str(), asked.path.as_str()) {
            ("POST", "/v1/uploads") => begun(&mut book, asked, body),
            ("POST", "/v1/links") if book.known.is_some() => {
                let prove = json!({"is": "prove", "nonce": "0a".repeat(32)});
                (200, String::new(), prove.to_string().into_bytes())
            }
            ("POST", "/v1/links") => refusal(404, "not_found"),
            ("POST", path) if path.ends_with("/proof") => {
                let known = book.known.as_deref().unwrap_or_default();
                let right = blake3::keyed_hash(&[10; 32], known).to_string();
                let said: serde_json::Value = serde_json::from_slice(body).unwrap();
                if said["proof"] != right.as_str() {
                    return refusal(404, "not_found");
                }
                let linked = json!({"is": "linked", "entry": uuid::Uuid::now_v7().to_string(), "version": 1});
                (201, String::new(), linked.to_string().into_bytes())
            }
            ("HEAD", _) => match book.uploads.get(&last) {
                Some(upload) => standing(204, upload),
                None => refusal(404, "not_found"),
            },
            ("DELETE", _) => {
                book.uploads.remove(&last);
                book.dropped.push(last);
                (204, String::new(), Vec::new())
            }
            ("POST", _) => {
                let new: pod_shared::content::FolderNew = serde_json::from_slice(body).unwrap();
                let parent = new.parent.map(|id| id.to_string()).unwrap_or_default();
                book.folders.push((new.name.clone(), parent));
                let made = super::entry(new.id, new.parent, &new.name);
                (201, String::new(), serde_json::to_vec(&made).unwrap())
            }
            ("GET", _) => {
                let range = asked.headers.get("range").cloned().unwrap_or_default();
                let from: usize =
                    range.trim_start_matches("bytes=").trim_end_matches('-').parse().unwrap_or(0);
                book.ranges.push(range);
                let (content, digest) = &book.content;
                let tag = format!("\"{digest}\"");
                let same = asked.headers.get("if-range").is_none_or(|wanted| *wanted == tag);
                let (status, from) = if from > 0 && same { (206, from) } else { (200, 0) };
                let end = content.len().saturating_sub(1);
                let headers =
                    format!("etag: {tag}\r\ncontent-range: bytes {from}-{end}/{}\r\n", content.len());
                (status, headers, content[from..].to_vec())
            }
            _ => refusal(404, "not_found"),
        }
    }
}

/// An upload is made, or found; its bytes may come along.
fn begun(book: &mut Book, asked: &Asked, body: &[u8]) -> Answer {
    let metadata = asked.headers["upload-metadata"].clone();
    let id = metadata_of(&metadata, "id");
    if book.dropped.contains(&id) {
        return refusal(410, "gone");
    }
    let length = asked.headers["upload-length"].parse().unwrap();
    let entry = uuid::Uuid::now_v7().to_string();
    let digest = metadata_of(&metadata, "sha256");
    let fresh = Upload { length, metadata, entry, ..Upload::default() };
    let upload = book.uploads.entry(id).or_insert(fresh);
    if metadata_of(&upload.metadata, "sha256") != digest {
        return refusal(409, "id_reused");
    }
    let came = if upload.bytes.is_empty() { body } else { &[] };
    upload.bytes.extend_from_slice(came);
    let answer = standing(201, upload);
    book.received += came.len();
    answer
}

type Answer = (u16, String, Vec<u8>);

fn refusal(status: u16, code: &str) -> Answer {
    (status, String::new(), json!({"code": code, "message": ""}).to_string().into_bytes())
}

fn standing(status: u16, upload: &Upload) -> Answer {
    let done = upload.bytes.len() == upload.length;
    let entry = if done { format!("pod-entry: {}\r\n", upload.entry) } else { String::new() };
    (status, format!("upload-offset: {}\r\n{entry}", upload.bytes.len()), Vec::new())
}

/// One value of an `Upload-Metadata` header.
pub(super) fn metadata_of(metadata: &str, key: &str) -> String {
    use base64::{Engine, engine::general_purpose::STANDARD};
    let pair = metadata.split(',').find_map(|pair| pair.strip_prefix(&format!("{key} ")));
    pair.map(|value| String::from_utf8(STANDARD.decode(value).unwrap()).unwrap()).unwrap_or_default()
}

async fn read_head(stream: &mut BufReader<TcpStream>) -> Option<Asked> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let text = String::from_utf8(head).unwrap();
    let mut lines = text.lines();
    let mut first = lines.next()?.split(' ');
    let (method, path) = (first.next()?.to_owned(), first.next()?.to_owned());
    let pair = |line: &str| line.split_once(": ").map(|(key, value)| (key.to_lowercase(), value.to_owned()));
    Some(Asked { method, path, headers: lines.filter_map(pair).collect() })
}
