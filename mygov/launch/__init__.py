"""Runs the whole portal on one machine: embedded PostgreSQL and Valkey, worker, beat, web. Demo and tests only.

Production takes DATABASE_URL and REDIS_URL and starts its own processes (docker-compose.yml).
"""
