"""The one place that imports onnxruntime; import it late, it takes a quarter of a second."""

import os

# From 1.29 on onnxruntime collects telemetry unless this stands before the import.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"

import onnxruntime


def open_session(model: bytes) -> onnxruntime.InferenceSession:
    """A session that computes on one thread, so that the same text gives the same bits on any number of cores."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


def quantize_dynamic(*arguments: object, **keywords: object) -> None:
    """`onnxruntime.quantization.quantize_dynamic`, which needs the package onnx."""
    from onnxruntime.quantization import quantize_dynamic as quantize  # noqa: PLC0415  imports onnx: never in serving

    quantize(*arguments, **keywords)
