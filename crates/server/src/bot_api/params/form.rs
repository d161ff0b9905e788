//! Parameters and files as `multipart/form-data`.

use std::convert::Infallible;

use bytes::Bytes;
use futures_util::stream;

use super::{ApiError, Params, ParamsError};

/// The longest boundary (TD `HttpReader`).
const MAX_BOUNDARY: usize = 70;
const TOO_MUCH: &str = "Request Entity Too Large: too much parameters in form data";

/// A file that came with a request.
#[derive(Clone, PartialEq, Debug)]
pub(crate) struct FilePart {
    /// The name of its part.
    pub name: String,
    /// Its own name; may be empty.
    pub file_name: String,
    /// As the sender says.
    pub content_type: Option<String>,
    /// Its bytes; cloning them copies nothing.
    pub content: Bytes,
}

/// Reads a body.
pub(super) async fn read(
    params: &mut Params,
    content_type: &str,
    body: Bytes,
    mut room: usize,
) -> Result<(), ParamsError> {
    let boundary = boundary(content_type)?;
    let mut form = multer::Multipart::new(stream::iter([Ok::<_, Infallible>(body)]), boundary);
    while let Some(field) = form.next_field().await.map_err(broken)? {
        let name = field.name().unwrap_or_default().to_owned();
        if name.is_empty() {
            return Err(ApiError::bad_request(
                "field name in multipart/form-data not found",
            ));
        }
        let content_type = field.content_type().map(ToString::to_string);
        if let Some(file_name) = field.file_name() {
            let file_name = file_name.to_owned();
            let content = field.bytes().await.map_err(broken)?;
            params.files.push(FilePart {
                name,
                file_name,
                content_type,
                content,
            });
            continue;
        }
        let value = field.bytes().await.map_err(broken)?;
        room = room
            .checked_sub(value.len())
            .ok_or_else(|| ApiError::new(413, TOO_MUCH))?;
        let nested = |kind: &str| kind.starts_with("application/x-www-form-urlencoded");
        if content_type.as_deref().is_some_and(nested) {
            params.urlencoded(&value);
        } else {
            params.push(name, value.into());
        }
    }
    Ok(())
}

/// What divides the parts, read as leniently as the official server does.
fn boundary(content_type: &str) -> Result<&str, ParamsError> {
    let lower = content_type.to_ascii_lowercase();
    let at = lower
        .find("boundary")
        .ok_or_else(|| ApiError::bad_request("boundary not found"))?;
    let (_, value) = content_type[at..]
        .split_once('=')
        .ok_or_else(|| ApiError::bad_request("boundary value not found"))?;
    let value = value.split(';').next().unwrap_or_default().trim();
    let bare = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
    let value = bare.unwrap_or(value);
    if value.is_empty() || value.len() > MAX_BOUNDARY {
        return Err(ApiError::bad_request("boundary too big or empty"));
    }
    Ok(value)
}

fn broken(error: multer::Error) -> ParamsError {
    match error {
        multer::Error::IncompleteFieldData { .. } | multer::Error::IncompleteStream => {
            ApiError::bad_request("can't parse form data: it ends too early")
        }
        error => ApiError::bad_request(format_args!("can't parse form data: {error}")),
    }
}
