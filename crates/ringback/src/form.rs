//! `multipart/form-data`: how parameters go when files go with them.

use ringback_botapi::{Method, Upload};
use serde_json::Value;

use crate::error::BoxError;

/// The files of a request, and a boundary that occurs in none of them.
pub(crate) struct Form<'a> {
    files: &'a [&'a Upload],
    boundary: String,
}

impl<'a> Form<'a> {
    pub(crate) fn new(files: &'a [&'a Upload]) -> Self {
        let mut number: u64 = 0;
        let boundary = loop {
            let boundary = format!("ringback-{number:016x}");
            // Most often the first will do. It is looked for because content is anybody's.
            let occurs = |file: &&Upload| contains(&file.content, boundary.as_bytes());
            if !files.iter().any(occurs) {
                break boundary;
            }
            number = number
                .wrapping_mul(6364136223846793005)
                .wrapping_add(1442695040888963407);
        };
        Form { files, boundary }
    }

    pub(crate) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// Writes the parameters, each in a part of its own, and the files.
    pub(crate) fn write<M: Method>(&self, method: &M, body: &mut Vec<u8>) -> Result<(), BoxError> {
        let size: usize = self.files.iter().map(|file| file.content.len() + 256).sum();
        body.reserve(size + 1024);
        let Value::Object(parameters) = serde_json::to_value(method)? else {
            return Err("the parameters are no object".into());
        };
        for (name, value) in parameters {
            // Text goes as it is, everything else as JSON.
            let value = match value {
                Value::String(text) => text,
                Value::Null => continue,
                other => other.to_string(),
            };
            if contains(value.as_bytes(), self.boundary.as_bytes()) {
                return Err("a parameter holds the form's boundary".into());
            }
            self.open(body, &name);
            body.extend_from_slice(b"\r\n\r\n");
            body.extend_from_slice(value.as_bytes());
            body.extend_from_slice(b"\r\n");
        }
        for file in self.files {
            self.open(body, &file.part);
            body.extend_from_slice(b"; filename=\"");
            body.extend_from_slice(escape(&file.file_name).as_bytes());
            body.extend_from_slice(b"\"\r\nContent-Type: application/octet-stream\r\n\r\n");
            body.extend_from_slice(&file.content);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{}--\r\n", self.boundary).as_bytes());
        Ok(())
    }

    fn open(&self, body: &mut Vec<u8>, name: &str) {
        let name = escape(name);
        let head = format!(
            "--{}\r\nContent-Disposition: form-data; name=\"{name}\"",
            self.boundary
        );
        body.extend_from_slice(head.as_bytes());
    }
}

/// Names as browsers write them: a quote or a line's end would end the header.
fn escape(name: &str) -> String {
    name.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A")
}

fn contains(content: &[u8], wanted: &[u8]) -> bool {
    let mut rest = content;
    while let Some(at) = rest.iter().position(|byte| *byte == wanted[0]) {
        rest = &rest[at..];
        if rest.starts_with(wanted) {
            return true;
        }
        rest = &rest[1..];
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_botapi::{InputFile, SendDocument};

    #[test]
    fn parameters_and_files_are_parts() {
        let upload = Upload::new("a \"b\".txt", "hello ringback-0000000000000000").part("p");
        let method = SendDocument::new(42, InputFile::from(upload)).caption("Hi");
        let files = method.files();
        let form = Form::new(&files);
        assert_ne!(form.boundary, "ringback-0000000000000000");
        let mut body = Vec::new();
        form.write(&method, &mut body).unwrap();
        let body = String::from_utf8(body).unwrap();
        let b = &form.boundary;
        for part in [
            format!("--{b}\r\nContent-Disposition: form-data; name=\"chat_id\"\r\n\r\n42\r\n"),
            format!("--{b}\r\nContent-Disposition: form-data; name=\"document\"\r\n\r\nattach://p\r\n"),
            format!("--{b}\r\nContent-Disposition: form-data; name=\"p\"; filename=\"a %22b%22.txt\"\r\n"),
            format!("\r\nhello ringback-0000000000000000\r\n--{b}--\r\n"),
        ] {
            assert!(body.contains(&part), "{part} in {body}");
        }
    }
}
