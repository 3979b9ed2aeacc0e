// The one way to onnxruntime. Its telemetry is switched off before it is loaded, so this order matters: without
// the switch every process keeps a device id and events under the home folder and looks up its maker's server.
import './noTelemetry';

export { InferenceSession, Tensor } from 'onnxruntime-node';
