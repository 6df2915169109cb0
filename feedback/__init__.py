"""What citizens say of the service (đánh giá)."""
