// The whole library, but for its testing part.
#pragma once

#include <cubicasa/batch.hpp>
#include <cubicasa/batch_log.hpp>
#include <cubicasa/client.hpp>
#include <cubicasa/config.hpp>
#include <cubicasa/cursor.hpp>
#include <cubicasa/download.hpp>
#include <cubicasa/download_assets.hpp>
#include <cubicasa/endpoint.hpp>
#include <cubicasa/ensure_webhooks.hpp>
#include <cubicasa/error.hpp>
#include <cubicasa/generator.hpp>
#include <cubicasa/models/asset.hpp>
#include <cubicasa/models/order_event.hpp>
#include <cubicasa/models/purchasable.hpp>
#include <cubicasa/observer.hpp>
#include <cubicasa/operations.hpp>
#include <cubicasa/order_change.hpp>
#include <cubicasa/outcome.hpp>
#include <cubicasa/paginate.hpp>
#include <cubicasa/result.hpp>
#include <cubicasa/secret.hpp>
#include <cubicasa/watch.hpp>
#include <cubicasa/webhook.hpp>
#include <cubicasa/webhook_listener.hpp>
