//! `cargo autodiff`: shows what autodiff makes of a function.

use std::process::ExitCode;

use anstream::{eprintln, println};
use autodiff_core::inspect;
use autodiff_runtime::graph::{Stage, Trace};
use cargo_autodiff::arguments::{self, Arguments, Command, Format, Graph, Which};
use cargo_autodiff::check::{Point, check};
use cargo_autodiff::source::{Function, Problem, function, functions, problem};
use cargo_autodiff::survey::{Tests, survey};
use cargo_autodiff::{page, svg};
use clap::Parser;
use proc_macro2::TokenStream;
use quote::quote;
use syn::visit_mut::VisitMut;

fn main() -> ExitCode {
    // Cargo calls `cargo-autodiff autodiff …`.
    let mut arguments: Vec<std::ffi::OsString> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "autodiff") {
        arguments.remove(1);
    }
    match run(Arguments::parse_from(arguments).command) {
        Ok(code) => code,
        Err(Problem(text)) => {
            let style = anstyle::AnsiColor::Red.on_default().bold();
            eprintln!("{style}error{style:#}: {text}");
            ExitCode::from(2)
        }
    }
}

fn run(command: Command) -> Result<ExitCode, Problem> {
    match command {
        Command::Expand(which) => each(&which, |function| {
            let expanded = autodiff_core::grad(function.options.clone(), function.item.clone());
            formatted(function, expanded)
        }),
        Command::Stages(which) => each(&which, |function| {
            let stages = inspect::stages(function.options.clone(), function.item.clone())
                .map_err(|errors| problem(&which.file, &errors))?;
            let text = stages.iter().map(|stage| format!("// {}\n\n{}", stage.name, stage.text));
            Ok(text.collect::<Vec<_>>().join("\n"))
        }),
        Command::Explain(which) => each(&which, |function| {
            let (options, item) = (function.options.clone(), function.item.clone());
            inspect::stages(options.clone(), item.clone())
                .map_err(|errors| problem(&which.file, &errors))?;
            Ok(autodiff_core::explain(options, item).unwrap_or_default())
        }),
        Command::Graph(arguments) => graph(&arguments),
        Command::Check(arguments) => {
            let function = function(&arguments.which.file, arguments.which.function.as_deref())?;
            let others = functions(&arguments.which.file)?;
            let report = check(&arguments.which.file, &function, &others, &arguments.at)?;
            println!("{}", report.text);
            Ok(if report.passes { ExitCode::SUCCESS } else { ExitCode::from(1) })
        }
        Command::Survey(arguments) => of_others(&arguments),
    }
}

/// Prints what `show` gives for the function that is asked for, or else for all annotated ones.
fn each(
    which: &Which,
    show: impl Fn(&Function) -> Result<String, Problem>,
) -> Result<ExitCode, Problem> {
    let mut shown = match which.function {
        Some(_) => Vec::new(),
        None => functions(&which.file)?.into_iter().filter(|of| of.annotated).collect(),
    };
    if shown.is_empty() {
        shown.push(function(&which.file, which.function.as_deref())?);
    }
    let texts = shown.iter().map(show).collect::<Result<Vec<_>, _>>()?;
    println!("{}", texts.join("\n").trim_end());
    Ok(ExitCode::SUCCESS)
}

/// Emitted code as a person would format it. What is refused is an error of the tool, too.
fn formatted(function: &Function, expanded: TokenStream) -> Result<String, Problem> {
    let expanded = match &function.owner {
        Some(ty) => quote!(impl #ty { #expanded }),
        None => expanded,
    };
    let mut file = syn::parse2(expanded).map_err(|error| {
        Problem(format!("what is emitted for `{}` does not parse: {error}", function.name))
    })?;
    WithoutPictures.visit_file_mut(&mut file);
    Ok(prettyplease::unparse(&file))
}

/// Leaves out the pictures in documentation, which are for a browser.
struct WithoutPictures;

impl VisitMut for WithoutPictures {
    fn visit_attribute_mut(&mut self, attribute: &mut syn::Attribute) {
        if let syn::Meta::NameValue(of) = &mut attribute.meta
            && let syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(text), .. }) = &mut of.value
            && let Some((before, _)) = text.value().split_once("\n\n<div><svg")
        {
            *text = syn::LitStr::new(before, text.span());
        }
    }
}

fn graph(arguments: &Graph) -> Result<ExitCode, Problem> {
    let file = &arguments.which.file;
    let function = function(file, arguments.which.function.as_deref())?;
    let graph = inspect::graph(function.options.clone(), function.item.clone())
        .map_err(|errors| problem(file, &errors))?;
    let point = arguments.at.as_deref().map(|at| Point::of_inputs(&graph, at)).transpose()?;
    let trace = point.map(|point| graph.trace(&point)).transpose();
    let trace = trace.map_err(|error| Problem(format!("`{}`: {error}", function.name)))?;
    let text = match (arguments.format, &trace) {
        (Format::Table, Some(trace)) => trace.to_string(),
        (Format::Table, None) => graph.to_string(),
        (Format::Mermaid, Some(trace)) => stages(trace),
        (Format::Mermaid, None) => graph.mermaid(),
        (Format::Dot, _) => graph.dot(),
        (Format::Svg, trace) => svg::svg(&graph, trace.as_ref()),
        (Format::Html, trace) => {
            let gradient = autodiff_core::grad(function.options.clone(), function.item.clone());
            let gradient = page::gradient(&formatted(&function, gradient)?, &function.name);
            page::page(&graph, trace.as_ref(), &function.text, &gradient)
        }
    };
    match &arguments.output {
        Some(path) => std::fs::write(path, text)
            .map_err(|error| Problem(format!("{}: {error}", path.display())))?,
        None => println!("{}", text.trim_end()),
    }
    Ok(ExitCode::SUCCESS)
}

fn of_others(arguments: &arguments::Survey) -> Result<ExitCode, Problem> {
    let tests = if arguments.no_tests { Tests::LeftOut } else { Tests::Included };
    let survey = survey(&arguments.paths, tests)?;
    if let Some(path) = &arguments.json {
        std::fs::write(path, format!("{:#}\n", survey.json()))
            .map_err(|error| Problem(format!("{}: {error}", path.display())))?;
    }
    println!("{}", survey.to_string().trim_end());
    Ok(if survey.has_faults() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

/// The five stages, one diagram after the other; the wiggle is of the first input.
fn stages(trace: &Trace<'_>) -> String {
    let mut stages = vec![("structure", Stage::Structure), ("values", Stage::Values)];
    if let Some(first) = trace.graph().inputs().next() {
        stages.extend([("wiggle", Stage::Wiggle(first)), ("rates", Stage::Rates(first))]);
    }
    stages.push(("sensitivities", Stage::Sensitivities));
    let block = |(name, stage): (&str, Stage)| format!("%% {name}\n{}", trace.mermaid(stage));
    stages.into_iter().map(block).collect::<Vec<_>>().join("\n")
}
