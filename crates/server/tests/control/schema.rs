//! As much of JSON Schema as `openapi.json` uses.

use serde_json::Value;
use std::sync::LazyLock;

static DOCUMENT: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(include_str!("../../openapi.json")).unwrap());

/// Says where an answer differs from what the document promises.
pub(crate) fn check(method: &str, path: &str, status: u16, body: &Value) {
    let path = path.split('?').next().unwrap();
    let operation = DOCUMENT["paths"]
        .as_object()
        .unwrap()
        .iter()
        .find(|(pattern, _)| fits(pattern, path));
    let responses = operation.map(|(_, methods)| &methods[method.to_lowercase()]["responses"]);
    let response = responses.map(|responses| match status {
        400..500 => &responses["4XX"],
        _ => &responses[status.to_string()],
    });
    let schema = match response.map(resolve) {
        Some(Value::Object(response)) => &response["content"]["application/json"]["schema"],
        // No such route: at least the error has its form.
        _ if status >= 400 => &DOCUMENT["components"]["schemas"]["Error"],
        _ => panic!("{method} {path}: {status} is not in the document"),
    };
    if let Err(error) = valid(schema, body, "body") {
        panic!("{method} {path}: {error}\n{body:#}");
    }
}

/// A schema of the document, by name.
pub(crate) fn check_named(name: &str, value: &Value) {
    if let Err(error) = valid(&DOCUMENT["components"]["schemas"][name], value, name) {
        panic!("{error}\n{value:#}");
    }
}

fn fits(pattern: &str, path: &str) -> bool {
    let (pattern, path): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    pattern.len() == path.len()
        && pattern
            .iter()
            .zip(path)
            .all(|(a, b)| a.starts_with('{') || *a == b)
}

fn resolve(value: &'static Value) -> &'static Value {
    match value.get("$ref").and_then(Value::as_str) {
        Some(to) => resolve(DOCUMENT.pointer(to.strip_prefix('#').unwrap()).unwrap()),
        None => value,
    }
}

fn valid(schema: &'static Value, value: &Value, at: &str) -> Result<(), String> {
    let schema = resolve(schema);
    if let Some(wanted) = schema.get("const").filter(|wanted| *wanted != value) {
        return Err(format!("{at} is not {wanted}"));
    }
    if let Some(names) = schema
        .get("enum")
        .and_then(Value::as_array)
        .filter(|names| !names.contains(value))
    {
        return Err(format!("{at} is none of {names:?}"));
    }
    let types = match schema.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(name)) => vec![name.as_str()],
        _ => vec![],
    };
    if !types.is_empty() && !types.iter().any(|name| is(name, value)) {
        return Err(format!("{at} is not of type {types:?}"));
    }
    for part in schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        valid(part, value, at)?;
    }
    if let Some(ways) = schema.get("oneOf").and_then(Value::as_array) {
        let fitting = ways.iter().filter(|way| valid(way, value, at).is_ok()).count();
        if fitting != 1 {
            return Err(format!("{at} fits {fitting} of {} ways", ways.len()));
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        schema
            .get("items")
            .map_or(Ok(()), |items| valid(items, item, &format!("{at}[{index}]")))?;
    }
    for name in schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        if value.get(name.as_str().unwrap()).is_none() {
            return Err(format!("{at} has no {name}"));
        }
    }
    for (name, field) in value.as_object().into_iter().flatten() {
        let at = format!("{at}.{name}");
        let known = schema
            .get("properties")
            .and_then(|properties| properties.get(name));
        match (known, schema.get("additionalProperties")) {
            (Some(known), _) => valid(known, field, &at)?,
            (None, Some(Value::Bool(false))) => return Err(format!("{at} is not in the document")),
            (None, Some(other)) => valid(other, field, &at)?,
            (None, None) => {}
        }
    }
    Ok(())
}

fn is(name: &str, value: &Value) -> bool {
    match name {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => panic!("unknown type {name}"),
    }
}
