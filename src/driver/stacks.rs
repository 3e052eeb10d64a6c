//! `mgo stacks`: one program on both models of stacks, and what each cost.
//!
//! The program runs as a process of its own under each model (`mgo run -stack=… --stack-report FILE`), with the
//! same standard input. Its output must not depend on the model; where it does, that is said.

use std::fmt::Write as _;
use std::io::{IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde::Serialize;

use super::complain;
use super::options::{MessageFormat, StacksArgs};

/// What one run cost.
#[derive(Debug, Default, Clone, Serialize)]
struct Cost {
    growths: u64,
    growths_in_place: u64,
    shrinks: u64,
    bytes_copied: u64,
    frames_adjusted: u64,
    pointers_adjusted: u64,
    segments_allocated: u64,
    segments_freed: u64,
    hot_splits: u64,
    /// The call that split most.
    #[serde(skip_serializing_if = "Option::is_none")]
    hottest_split: Option<Site>,
    peak_bytes: u64,
    final_bytes: u64,
    time_ns: u64,
    exit_status: Option<i32>,
}

/// A call and how often it split the stack.
#[derive(Debug, Clone, Serialize)]
struct Site {
    splits: u64,
    function: String,
    place: String,
}

/// The whole report.
#[derive(Serialize)]
struct Report<'a> {
    program: &'a [String],
    contiguous: &'a Cost,
    segmented: &'a Cost,
    same_output: bool,
    stdout: String,
    stderr: String,
}

/// Runs the program under both models and prints the comparison to standard output.
pub fn stacks(args: &StacksArgs) -> u8 {
    let mut input = Vec::new();
    if !std::io::stdin().is_terminal() && std::io::stdin().read_to_end(&mut input).is_err() {
        return complain("cannot read standard input");
    }
    let mut results = Vec::new();
    for model in ["contiguous", "segmented"] {
        let mut best: Option<(Cost, Output)> = None;
        for _ in 0..args.runs.max(1) {
            match run(args, model, &input) {
                Ok((Some(cost), output)) => {
                    if best.as_ref().is_none_or(|(b, _)| cost.time_ns < b.time_ns) {
                        best = Some((cost, output));
                    }
                }
                // It did not get as far as running, or was killed.
                Ok((None, output)) => {
                    pass_on(&output);
                    return output.status.code().map_or(1, |c| c as u8);
                }
                Err(e) => return complain(&format!("cannot run the program: {e}")),
            }
        }
        results.extend(best);
    }
    let [(contiguous, out), (segmented, other)] = &results[..] else { return 1 };
    let same_output = out.stdout == other.stdout && out.status.code() == other.status.code();
    if args.common.message_format == MessageFormat::Json {
        let report = Report {
            program: &args.args,
            contiguous,
            segmented,
            same_output,
            stdout: String::from_utf8_lossy(&out.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&out.stderr).into_owned(),
        };
        println!("{}", serde_json::to_string(&report).unwrap_or_default());
    } else {
        pass_on(out);
        print!("{}", table(contiguous, segmented));
        if !same_output {
            println!("The two runs differ in their output or exit status.");
        }
    }
    out.status.code().map_or(1, |c| c as u8)
}

/// Prints what the program printed.
fn pass_on(output: &Output) {
    let _ = std::io::stdout().write_all(&output.stdout);
    let _ = std::io::stdout().flush();
    let _ = std::io::stderr().write_all(&output.stderr);
}

fn run(args: &StacksArgs, model: &str, input: &[u8]) -> std::io::Result<(Option<Cost>, Output)> {
    let path: PathBuf = std::env::temp_dir().join(format!("mgo-stacks-{}-{model}", std::process::id()));
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("run").arg(format!("--stack={model}")).arg("--stack-report").arg(&path);
    for flags in &args.common.gcflags {
        command.arg(format!("--gcflags={flags}"));
    }
    command.args(&args.args);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let mut stdin = child.stdin.take();
    let output = std::thread::scope(|scope| {
        // A program that does not read its input closes the pipe.
        scope.spawn(move || stdin.as_mut().map(|s| s.write_all(input)));
        child.wait_with_output()
    })?;
    let cost = std::fs::read_to_string(&path).ok().map(|text| parse(&text, output.status.code()));
    let _ = std::fs::remove_file(&path);
    Ok((cost, output))
}

/// Reads the runtime's report.
fn parse(text: &str, exit_status: Option<i32>) -> Cost {
    let mut c = Cost { exit_status, ..Cost::default() };
    for line in text.lines() {
        let Some((name, value)) = line.split_once(' ') else { continue };
        let n = value.parse().unwrap_or(0);
        match name {
            "growths" => c.growths = n,
            "growths_in_place" => c.growths_in_place = n,
            "shrinks" => c.shrinks = n,
            "bytes_copied" => c.bytes_copied = n,
            "frames_adjusted" => c.frames_adjusted = n,
            "pointers_adjusted" => c.pointers_adjusted = n,
            "segments_allocated" => c.segments_allocated = n,
            "segments_freed" => c.segments_freed = n,
            "hot_splits" => c.hot_splits = n,
            "peak_bytes" => c.peak_bytes = n,
            "final_bytes" => c.final_bytes = n,
            "time_ns" => c.time_ns = n,
            "hottest" => {
                let mut words = value.splitn(3, ' ').map(String::from);
                let splits = words.next().and_then(|w| w.parse().ok()).unwrap_or(0);
                let function = words.next().unwrap_or_default();
                c.hottest_split = Some(Site { splits, function, place: words.next().unwrap_or_default() });
            }
            _ => {}
        }
    }
    c
}

/// 1234567 as 1,234,567.
fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut out = String::new();
    for (i, d) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(d);
    }
    out
}

fn table(a: &Cost, b: &Cost) -> String {
    let mut s = String::new();
    let mut row = |name: &str, x: String, y: String| {
        let _ = writeln!(s, "{name:<22}{x:>16}{y:>16}");
    };
    row("", "contiguous".into(), "segmented".into());
    for (name, x, y) in [
        ("growths", a.growths, b.growths),
        ("without moving", a.growths_in_place, b.growths_in_place),
        ("shrinkings", a.shrinks, b.shrinks),
        ("bytes copied", a.bytes_copied, b.bytes_copied),
        ("frames adjusted", a.frames_adjusted, b.frames_adjusted),
        ("pointers adjusted", a.pointers_adjusted, b.pointers_adjusted),
        ("segments allocated", a.segments_allocated, b.segments_allocated),
        ("segments freed", a.segments_freed, b.segments_freed),
        ("hot splits", a.hot_splits, b.hot_splits),
        ("peak stack bytes", a.peak_bytes, b.peak_bytes),
        ("final stack bytes", a.final_bytes, b.final_bytes),
    ] {
        row(name, count(x), count(y));
    }
    let ms = |c: &Cost| format!("{:.2} ms", c.time_ns as f64 / 1e6);
    row("time", ms(a), ms(b));
    if let Some(site) = &b.hottest_split {
        let _ = writeln!(s, "splits most: {} times in {} at {}", count(site.splits), site.function, site.place);
    }
    s
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_read() {
        let c = parse("growths 3\nhot_splits 12345\nhottest 12000 main.f /a b/x.mgo:7\ntime_ns 2500000\n", Some(0));
        assert_eq!((c.growths, c.hot_splits, c.time_ns), (3, 12345, 2_500_000));
        let site = c.hottest_split.as_ref().map(|s| (s.splits, s.function.as_str(), s.place.as_str()));
        assert_eq!(site, Some((12000, "main.f", "/a b/x.mgo:7")));
        assert!(table(&c, &c).contains("12,345"));
        assert!(table(&c, &c).contains("2.50 ms"));
    }
}
