// The published builds of onnxruntime report to their maker unless this is set before the library is loaded.
process.env['ORT_DISABLE_TELEMETRY'] = '1';
