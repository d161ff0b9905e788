//! Data in JSON, as bots of other languages write it.

use std::ops::Deref;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{CallbackData, Claim, DataError};
use crate::error::BoxError;

/// A button's data as JSON: `{"type":"volume","direction":true}`. A fraction of many digits may come back off in the last
/// one, unless the bot turns on the feature `float_roundtrip` of `serde_json`.
///
/// JSON has no prefix to route by: data that does not parse as a `T` is taken for another type's. Give the type a
/// tag, so that it is not mistaken:
///
/// ```
/// use ringback::data::{to_data, Json};
/// use serde::{Deserialize, Serialize};
///
/// #[derive(Serialize, Deserialize)]
/// #[serde(tag = "type", rename_all = "snake_case")]
/// enum Press {
///     Volume { direction: bool },
/// }
///
/// assert_eq!(to_data(&Json(Press::Volume { direction: true }))?, r#"{"type":"volume","direction":true}"#);
/// # Ok::<(), ringback::data::DataError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Json<T>(pub T);

impl<T: Serialize + DeserializeOwned + Send + 'static> CallbackData for Json<T> {
    const CLAIM: Claim = Claim::Inspect;

    fn decode(data: &str) -> Result<Option<Self>, DataError> {
        Ok(serde_json::from_str(data).ok().map(Json))
    }

    fn encode(&self) -> Result<String, DataError> {
        serde_json::to_string(&self.0).map_err(|error| DataError::Unwritable(BoxError::from(error)))
    }
}

impl<T> Deref for Json<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}
